import {
  type ArmTallies,
  anytimePValue,
  type BetaPrior,
  logEAboveLimit,
  logEAgainstShare,
  logEHarm,
  logENotWorse,
  type Tally,
} from './eprocess.ts';
import { latencyQuantile } from './latency.ts';
import { type CanaryThresholds, FAILURE_PRIOR, LIMIT_PRIOR, SPLIT_PRIOR, WRONG_PRIOR } from './thresholds.ts';
import type { Arms, CanaryArmFacts, CanaryFacts } from './verdictInput.ts';

/** ln E, what it must reach, and the p-value valid at any time that belongs to it. */
export interface Evidence {
  readonly logE: number;
  readonly needed: number;
  readonly pValue: number;
}

/** All evidence of a verdict, so that a reader can check it. */
export interface Weighed {
  /** The rule and its version: changes whenever the same counts could give another verdict. */
  readonly rule: 'canary_verdict.v2';
  /** The canary's failures against the absolute limit; so too those of the exerciser. */
  readonly failureLimit: Evidence;
  readonly exerciseLimit: Evidence;
  readonly harm: { readonly failures: Evidence; readonly correctness: Evidence };
  readonly notWorse: { readonly failures: Evidence; readonly correctness: Evidence };
  readonly sampleRatio: Evidence & { readonly planned: number; readonly seen: number | null };
  /** 95th percentile of the step, in ms; null without answers. */
  readonly latencyMsP95: Arms<number | null>;
  readonly traffic: { readonly planned: number; readonly seen: number };
  readonly timedOut: boolean;
  readonly thresholds: CanaryThresholds;
}

/** Weighs the counts: harm by all of them, a pass by those of the running step. */
export function weigh(facts: CanaryFacts): Weighed {
  const { counts, stepCounts, exercise, running, units, latency, now, endsAt, planned, seen, thresholds } =
    facts;
  const { alphaHarm, alphaPass, alphaLimit, alphaSampleRatio, failureLimit: limit } = thresholds;
  const all = streamsOf(counts);
  const step = streamsOf(stepCounts);
  const againstLimit = ({ canary }: Arms<CanaryArmFacts>) =>
    evidenceOf(logEAboveLimit({ tally: failureTally(canary), limit, prior: LIMIT_PRIOR }), alphaLimit);
  const users = units.control + units.canary;
  return {
    rule: 'canary_verdict.v2',
    failureLimit: againstLimit(counts),
    exerciseLimit: againstLimit(exercise),
    harm: {
      failures: evidenceOf(logEHarm(all.failures), alphaHarm / 2),
      correctness: evidenceOf(logEHarm(all.wrong), alphaHarm / 2),
    },
    notWorse: {
      failures: evidenceOf(logENotWorse({ ...step.failures, margin: thresholds.failureMargin }), alphaPass),
      correctness: evidenceOf(
        logENotWorse({ ...step.wrong, margin: thresholds.correctnessMargin }),
        alphaPass,
      ),
    },
    sampleRatio: {
      ...evidenceOf(
        logEAgainstShare({
          tally: { bad: units.canary, good: units.control },
          share: running.percent / 100,
          prior: SPLIT_PRIOR,
        }),
        alphaSampleRatio,
      ),
      planned: running.percent / 100,
      seen: users === 0 ? null : units.canary / users,
    },
    latencyMsP95: {
      control: latencyQuantile(latency.control, 0.95) ?? null,
      canary: latencyQuantile(latency.canary, 0.95) ?? null,
    },
    traffic: { planned, seen },
    timedOut: now >= endsAt,
    thresholds,
  };
}

/** Whether evidence has reached what it must. */
export function isShown({ logE, needed }: Evidence): boolean {
  return logE >= needed;
}

/** One stream of a pair of arms, with its prior. */
export type ArmStreams = ArmTallies & { readonly prior: BetaPrior };

/** Counts of two arms as the two streams that are tested: answers that failed, and answers that were wrong. */
export function streamsOf({
  control,
  canary,
}: Arms<CanaryArmFacts>): Record<'failures' | 'wrong', ArmStreams> {
  return {
    failures: { control: failureTally(control), canary: failureTally(canary), prior: FAILURE_PRIOR },
    wrong: { control: wrongTally(control), canary: wrongTally(canary), prior: WRONG_PRIOR },
  };
}

function failureTally({ n, failures }: CanaryArmFacts): Tally {
  return { bad: failures, good: n - failures };
}

function wrongTally({ correct, wrong }: CanaryArmFacts): Tally {
  return { bad: wrong, good: correct };
}

/** Evidence at a level: it must reach ln(1/alpha). */
export function evidenceOf(logE: number, alpha: number): Evidence {
  return { logE, needed: Math.log(1 / alpha), pValue: anytimePValue(logE) };
}
