import { percentWords, pointsWords, shareWords } from './shareWords.ts';
import type { CanaryArmFacts, CanaryFacts } from './verdictInput.ts';
import { isShown, type Weighed } from './weigh.ts';

/** Every code of a verdict. */
export type CanaryVerdictCode =
  | 'not_worse'
  | 'failure_limit'
  | 'exercise_failures'
  | 'harm_failures'
  | 'harm_correctness'
  | 'attestation_mismatch'
  | 'contaminated'
  | 'sample_ratio_mismatch'
  | 'ramping'
  | 'no_data'
  | 'traffic_incomplete'
  | 'too_few_outcomes'
  | 'latency_worse'
  | 'failures_undecided'
  | 'correctness_undecided';

/** One reason of a verdict, as a code and in words. */
export interface Finding {
  readonly code: CanaryVerdictCode;
  readonly reason: string;
}

/** Harm that is shown. One bad sample alone is none, however spotless control is. */
export function harmsIn({ counts, exercise, thresholds }: CanaryFacts, evidence: Weighed): Finding[] {
  const { control, canary } = counts;
  const findings: Finding[] = [];
  const harm = (code: CanaryVerdictCode, reason: string) => findings.push({ code, reason });
  const limit = percentWords(thresholds.failureLimit);
  if (isShown(evidence.failureLimit) && canary.failures > 1) {
    const elsewhere =
      control.failures > 1 && control.failures >= control.n * thresholds.failureLimit
        ? ` Control failed ${shareWords(control.failures, control.n)} as well, so the cause may lie outside the artifact.`
        : '';
    harm(
      'failure_limit',
      `Canary failed ${shareWords(canary.failures, canary.n)}, more than the limit of ${limit} allows.${elsewhere}`,
    );
  }
  if (isShown(evidence.exerciseLimit) && exercise.canary.failures > 1)
    harm(
      'exercise_failures',
      `Canary failed ${shareWords(exercise.canary.failures, exercise.canary.n)} when exercised, more than the limit of ${limit} allows.`,
    );
  if (isShown(evidence.harm.failures) && canary.failures > 1)
    harm(
      'harm_failures',
      `Canary fails more often than control: ${shareWords(canary.failures, canary.n)} against ${shareWords(control.failures, control.n)}.`,
    );
  if (isShown(evidence.harm.correctness) && canary.wrong > 1)
    harm(
      'harm_correctness',
      `Canary is wrong more often than control: ${wrongWords(canary)} against ${wrongWords(control)}.`,
    );
  return findings;
}

/** Reasons to distrust the counts. */
export function doubtsIn(facts: CanaryFacts, { sampleRatio }: Weighed): Finding[] {
  const { units, contaminatedUnits, attestationMismatches } = facts;
  const findings: Finding[] = [];
  const doubt = (code: CanaryVerdictCode, reason: string) => findings.push({ code, reason });
  if (attestationMismatches > 0)
    doubt(
      'attestation_mismatch',
      `Receipts that name another arm than the browser saw: ${attestationMismatches}. The counts cannot be trusted.`,
    );
  if (contaminatedUnits > 0)
    doubt(
      'contaminated',
      `Users seen on an arm that is not theirs: ${contaminatedUnits}. The arms cannot be compared.`,
    );
  if (isShown(sampleRatio))
    doubt(
      'sample_ratio_mismatch',
      `Users on canary: ${shareWords(units.canary, units.control + units.canary)}, where ${percentWords(sampleRatio.planned)} were planned (p = ${sampleRatio.pValue.toExponential(1)}). The split is not the planned one.`,
    );
  return findings;
}

/** What a step that only asks for harm still waits for; nothing once it is done. */
export function waitsIn({ step, ramp, running, planned, seen, counts }: CanaryFacts): Finding[] {
  if (seen >= planned && counts.canary.n > 0) return [];
  const none = counts.canary.n === 0 ? ' Canary has no data yet; no data is not safe.' : '';
  return [
    {
      code: 'ramping',
      reason: `Step ${step + 1} of ${ramp.length}, ${running.percent} % of users: no harm in ${counts.canary.n} canary messages so far; ${seen} of ${planned} planned messages have come.${none}`,
    },
  ];
}

/** What a pass still lacks. */
export function gapsIn(facts: CanaryFacts, evidence: Weighed): Finding[] {
  const { stepCounts, units, thresholds, planned, seen } = facts;
  const { control, canary } = stepCounts;
  const findings: Finding[] = [];
  const lack = (code: CanaryVerdictCode, reason: string) => findings.push({ code, reason });
  if (control.n === 0 || units.control === 0)
    lack('no_data', 'Control has no data yet; no data is not safe.');
  if (canary.n === 0 || units.canary === 0) lack('no_data', 'Canary has no data yet; no data is not safe.');
  if (seen < planned)
    lack(
      'traffic_incomplete',
      `Only ${seen} of ${planned} planned messages have come; half of the traffic decides nothing.`,
    );
  for (const [arm, { correct, wrong }] of [['Control', control] as const, ['Canary', canary] as const])
    if (correct + wrong < thresholds.minOutcomes)
      lack(
        'too_few_outcomes',
        `${arm} has ${correct + wrong} outcomes with a known answer; the least is ${thresholds.minOutcomes}.`,
      );
  const slower = slowerWords(evidence);
  if (slower !== null) lack('latency_worse', slower);
  if (!isShown(evidence.notWorse.failures))
    lack(
      'failures_undecided',
      `It is not yet excluded that canary fails more often than control by ${pointsWords(thresholds.failureMargin)}: ${shareWords(canary.failures, canary.n)} against ${shareWords(control.failures, control.n)}.`,
    );
  if (!isShown(evidence.notWorse.correctness))
    lack(
      'correctness_undecided',
      `It is not yet excluded that canary is wrong more often than control by ${pointsWords(thresholds.correctnessMargin)}: ${wrongWords(canary)} against ${wrongWords(control)}.`,
    );
  return findings;
}

/** What a pass rests on. */
export function passIn({ stepCounts: { control, canary }, thresholds }: CanaryFacts): Finding {
  const wrong = `wrong ${wrongWords(canary)} against ${wrongWords(control)} (${pointsWords(thresholds.correctnessMargin)} more is excluded)`;
  const failed = `failed ${shareWords(canary.failures, canary.n)} against ${shareWords(control.failures, control.n)} (${pointsWords(thresholds.failureMargin)} more is excluded)`;
  return {
    code: 'not_worse',
    reason: `Canary is not worse than control by the margins: ${wrong}; ${failed}.`,
  };
}

function slowerWords({ latencyMsP95: { control, canary }, thresholds }: Weighed): string | null {
  if (control === null || canary === null) return null;
  const allowed = Math.max(control * thresholds.latencyFactor, control + thresholds.latencyExtraMs);
  if (canary <= allowed) return null;
  return `Canary is much slower: 95 % of its answers came within ${canary} ms, control's within ${control} ms.`;
}

function wrongWords({ correct, wrong }: CanaryArmFacts): string {
  return shareWords(wrong, correct + wrong);
}
