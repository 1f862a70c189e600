import { binomialTwoSided } from '../stats/binomial.ts';
import { anytimePValue, logEAboveLimit, logEHarm, logENotWorse, type Tally } from './eprocess.ts';
import { type CanaryThresholds, FAILURE_PRIOR, LIMIT_PRIOR, WRONG_PRIOR } from './thresholds.ts';
import { type CanaryFacts, type CanaryVerdictInput, checkedFacts } from './verdictInput.ts';

/** Every code of a verdict, by verdict. */
export type CanaryVerdictCode =
  | 'not_worse'
  | 'failure_limit'
  | 'harm_failures'
  | 'harm_correctness'
  | 'attestation_mismatch'
  | 'contaminated'
  | 'sample_ratio_mismatch'
  | 'no_data'
  | 'too_few_outcomes'
  | 'latency_worse'
  | 'failures_undecided'
  | 'correctness_undecided';

/** ln E, what it must reach, and the p-value valid at any time that belongs to it. */
export type Evidence = { logE: number; needed: number; pValue: number };

/** The verdict and all it rests on. `code` is that of the first reason. */
export type CanaryVerdict = {
  verdict: 'pass' | 'fail' | 'hold';
  code: CanaryVerdictCode;
  /** In words, the weightiest first. */
  reasons: string[];
  evidence: {
    /** The rule and its version: changes whenever the same counts could give another verdict. */
    rule: 'canary_verdict.v1';
    failureLimit: Evidence;
    harm: { failures: Evidence; correctness: Evidence };
    notWorse: { failures: Evidence; correctness: Evidence };
    sampleRatio: { planned: number; seen: number | null; pValue: number };
    timedOut: boolean;
    thresholds: CanaryThresholds;
  };
};

/**
 * The canary's verdict from stored counts: a pure function, to be asked after every receipt.
 *
 * `fail`: an e-process shows that the canary fails or errs more often than control, or that it breaks the limit on failures. One
 * bad sample alone never fails a canary, however spotless control is.
 * `pass`: both streams exclude "worse by the margin", with enough outcomes, the planned split, no unit on both arms, every
 * arm attested, and no latency blow-up. `hold`: anything else, also after `endsAt`; a time-out never ships.
 *
 * A fail outranks doubts about the measurement: stopping is the safe act. {@link CanaryThresholds} has the error rates
 * and how often a sound canary passes; `eprocess.ts` has the method and its sources.
 *
 * @throws RangeError on counts that cannot be.
 */
export function canaryVerdict(input: CanaryVerdictInput): CanaryVerdict {
  const facts = checkedFacts(input);
  const evidence = weigh(facts);
  const harms = harmsIn(facts, evidence);
  const doubts = doubtsIn(facts, evidence);
  if (harms.length > 0) return { verdict: 'fail', ...told([...harms, ...doubts]), evidence };
  const holds = [...doubts, ...gapsIn(facts, evidence)];
  if (holds.length > 0)
    return { verdict: 'hold', ...told(holds, evidence.timedOut ? [TIME_IS_UP] : []), evidence };
  return { verdict: 'pass', ...told([passIn(facts)]), evidence };
}

const TIME_IS_UP = "The canary's time is up; it ends without shipping.";

type Finding = { code: CanaryVerdictCode; reason: string };
type Weighed = CanaryVerdict['evidence'];

function weigh({ control, canary, percent, units, now, endsAt, thresholds }: CanaryFacts): Weighed {
  const failures = { control: failureTally(control), canary: failureTally(canary), prior: FAILURE_PRIOR };
  const wrong = { control: wrongTally(control), canary: wrongTally(canary), prior: WRONG_PRIOR };
  const { alphaHarm, alphaPass, failureMargin, correctnessMargin, failureLimit, alphaLimit } = thresholds;
  const allUnits = units.control + units.canary;
  return {
    rule: 'canary_verdict.v1',
    failureLimit: evidenceOf(
      logEAboveLimit({ tally: failures.canary, limit: failureLimit, prior: LIMIT_PRIOR }),
      alphaLimit,
    ),
    harm: {
      failures: evidenceOf(logEHarm(failures), alphaHarm / 2),
      correctness: evidenceOf(logEHarm(wrong), alphaHarm / 2),
    },
    notWorse: {
      failures: evidenceOf(logENotWorse({ ...failures, margin: failureMargin }), alphaPass),
      correctness: evidenceOf(logENotWorse({ ...wrong, margin: correctnessMargin }), alphaPass),
    },
    sampleRatio: {
      planned: percent / 100,
      seen: allUnits === 0 ? null : units.canary / allUnits,
      pValue: binomialTwoSided({ successes: units.canary, n: allUnits, p: percent / 100 }),
    },
    timedOut: now >= endsAt,
    thresholds,
  };
}

function harmsIn({ control, canary, thresholds }: CanaryFacts, evidence: Weighed): Finding[] {
  const findings: Finding[] = [];
  if (isShown(evidence.failureLimit) && canary.failures > 1)
    findings.push({
      code: 'failure_limit',
      reason: `Canary failed ${share(canary.failures, canary.n)}, more than the limit of ${percentOf(thresholds.failureLimit)} allows.`,
    });
  if (isShown(evidence.harm.failures) && canary.failures > 1)
    findings.push({
      code: 'harm_failures',
      reason: `Canary fails more often than control: ${share(canary.failures, canary.n)} against ${share(control.failures, control.n)}.`,
    });
  if (isShown(evidence.harm.correctness) && canary.wrong > 1)
    findings.push({
      code: 'harm_correctness',
      reason: `Canary is wrong more often than control: ${wrongShare(canary)} against ${wrongShare(control)}.`,
    });
  return findings;
}

/** Reasons to distrust the counts. */
function doubtsIn(facts: CanaryFacts, evidence: Weighed): Finding[] {
  const { units, contaminatedUnits, attestationMismatches, thresholds } = facts;
  const { sampleRatio } = evidence;
  const findings: Finding[] = [];
  const hold = (code: CanaryVerdictCode, reason: string) => findings.push({ code, reason });
  if (attestationMismatches > 0)
    hold(
      'attestation_mismatch',
      `Receipts that name another arm than the browser saw: ${attestationMismatches}. The counts cannot be trusted.`,
    );
  if (contaminatedUnits > 0)
    hold('contaminated', `Users seen on both arms: ${contaminatedUnits}. The arms cannot be compared.`);
  if (sampleRatio.pValue < thresholds.alphaSampleRatio)
    hold(
      'sample_ratio_mismatch',
      `Users on canary: ${share(units.canary, units.control + units.canary)}, where ${percentOf(sampleRatio.planned)} were planned (p = ${sampleRatio.pValue.toExponential(1)}). The split is not the planned one.`,
    );
  return findings;
}

/** What a pass still lacks. */
function gapsIn(facts: CanaryFacts, evidence: Weighed): Finding[] {
  const { control, canary, units, thresholds } = facts;
  const findings: Finding[] = [];
  const hold = (code: CanaryVerdictCode, reason: string) => findings.push({ code, reason });
  if (control.n === 0 || units.control === 0)
    hold('no_data', 'Control has no data yet; no data is not safe.');
  if (canary.n === 0 || units.canary === 0) hold('no_data', 'Canary has no data yet; no data is not safe.');
  for (const [arm, { correct, wrong }] of [['Control', control] as const, ['Canary', canary] as const])
    if (correct + wrong < thresholds.minOutcomes)
      hold(
        'too_few_outcomes',
        `${arm} has ${correct + wrong} outcomes with a known answer; the least is ${thresholds.minOutcomes}.`,
      );
  if (isSlower(facts))
    hold(
      'latency_worse',
      `Canary is much slower: 95 % of its answers came within ${canary.latencyMsP95} ms, control's within ${control.latencyMsP95} ms.`,
    );
  if (!isShown(evidence.notWorse.failures))
    hold(
      'failures_undecided',
      `It is not yet excluded that canary fails more often than control by ${pointsOf(thresholds.failureMargin)}: ${share(canary.failures, canary.n)} against ${share(control.failures, control.n)}.`,
    );
  if (!isShown(evidence.notWorse.correctness))
    hold(
      'correctness_undecided',
      `It is not yet excluded that canary is wrong more often than control by ${pointsOf(thresholds.correctnessMargin)}: ${wrongShare(canary)} against ${wrongShare(control)}.`,
    );
  return findings;
}

function passIn({ control, canary, thresholds }: CanaryFacts): Finding {
  const wrong = `wrong ${wrongShare(canary)} against ${wrongShare(control)} (${pointsOf(thresholds.correctnessMargin)} more is excluded)`;
  const failed = `failed ${share(canary.failures, canary.n)} against ${share(control.failures, control.n)} (${pointsOf(thresholds.failureMargin)} more is excluded)`;
  return {
    code: 'not_worse',
    reason: `Canary is not worse than control by the margins: ${wrong}; ${failed}.`,
  };
}

function isSlower({ control, canary, thresholds }: CanaryFacts): boolean {
  if (control.latencyMsP95 === undefined || canary.latencyMsP95 === undefined) return false;
  const allowed = Math.max(
    control.latencyMsP95 * thresholds.latencyFactor,
    control.latencyMsP95 + thresholds.latencyExtraMs,
  );
  return canary.latencyMsP95 > allowed;
}

function told(
  findings: readonly Finding[],
  more: string[] = [],
): { code: CanaryVerdictCode; reasons: string[] } {
  const [first] = findings as [Finding, ...Finding[]];
  return { code: first.code, reasons: [...findings.map(finding => finding.reason), ...more] };
}

function evidenceOf(logE: number, alpha: number): Evidence {
  return { logE, needed: Math.log(1 / alpha), pValue: anytimePValue(logE) };
}

function isShown({ logE, needed }: Evidence): boolean {
  return logE >= needed;
}

function failureTally({ n, failures }: CanaryFacts['control']): Tally {
  return { bad: failures, good: n - failures };
}

function wrongTally({ correct, wrong }: CanaryFacts['control']): Tally {
  return { bad: wrong, good: correct };
}

function wrongShare({ correct, wrong }: CanaryFacts['control']): string {
  return share(wrong, correct + wrong);
}

function share(part: number, whole: number): string {
  return whole === 0 ? 'no samples' : `${part} of ${whole} (${percentOf(part / whole)})`;
}

function percentOf(fraction: number): string {
  return `${Number((fraction * 100).toFixed(1))} %`;
}

function pointsOf(margin: number): string {
  return `${Number((margin * 100).toFixed(1))} points`;
}
