import type { BetaPrior } from './eprocess.ts';

/**
 * What a canary is judged by. The defaults are what about 110 samples per arm can decide. The figures below are computed, not
 * sampled: by summing over all counts of two arms of 110 (passes), or over all paths with a look after every sample (alarms).
 *
 * Correctness stream passes, by true share correct of control -> canary:
 *   0.70 -> 0.84  96 %     0.80 -> 0.88  88 %     0.90 -> 0.95  94 %     worse by the margin of 0.15: at most 0.04 %
 *   0.70 -> 0.70  15 %     0.80 -> 0.80  26 %     0.98 -> 0.98  77 %     (0.80 -> 0.80 with 200 per arm: 57 %)
 * Failure stream passes, by true share of failures on both arms: none 100 %, 0.5 % 90 %, 1 % 76 %, 2 % 54 %; 0 of n against 0
 * of n passes from n = 60 on. Worse by the margin of 0.08: at most 0.11 %.
 * False alarms of harm between equal arms, up to 110 per arm: wrong answers at most 0.16 %, failures at most 0.08 %; the bound
 * for ever is `alphaHarm`. Harm of 20 % -> 50 % wrong is found in 88 % of canaries (median 61 per arm), 20 % -> 80 % in all (22).
 * The limit on failures: always failing is found at sample 3, 50 % failing at 9 (median); false alarms at 5 % failing 0.02 %.
 * A healthy artifact that starts to fail always is found after 11 failures in a row if 20 samples were fine, 15 if 40 were.
 */
export interface CanaryThresholds {
  /** Chance of stopping a canary as harmful that is no worse than control, over its whole life; half for each stream. */
  readonly alphaHarm: number;
  /** Chance of calling a canary "not worse by the margin" that is, over its whole life; for each stream, and both must pass. */
  readonly alphaPass: number;
  /** A pass excludes a share of wrong answers above control's by this. Narrower, 110 samples per arm would pass too few. */
  readonly correctnessMargin: number;
  /** A pass excludes a share of failures above control's by this. At 0.05 a single failure in 110 would hold the canary. */
  readonly failureMargin: number;
  /** No artifact may fail more often than this, whatever control does. */
  readonly failureLimit: number;
  /** Chance of a false alarm of the limit, over the canary's whole life. At 0.01 three failures out of three stop it. */
  readonly alphaLimit: number;
  /** Least outcomes with a known answer, per arm, before a pass: a handful of users is not traffic. Harm needs no minimum. */
  readonly minOutcomes: number;
  /** Chance of doubting a split of users that is the planned one, over a whole step. Strict: a doubt costs the night. */
  readonly alphaSampleRatio: number;
  /** The canary is held if its 95th percentile latency is above control's by this factor and also by `latencyExtraMs`. */
  readonly latencyFactor: number;
  /** Milliseconds; keeps a doubling of a few milliseconds from holding a canary. */
  readonly latencyExtraMs: number;
}

/** What every canary is judged by unless told otherwise. */
export const USUAL_THRESHOLDS: CanaryThresholds = {
  alphaHarm: 0.05,
  alphaPass: 0.05,
  correctnessMargin: 0.15,
  failureMargin: 0.08,
  failureLimit: 0.1,
  alphaLimit: 0.01,
  minOutcomes: 40,
  alphaSampleRatio: 0.001,
  latencyFactor: 2,
  latencyExtraMs: 1_000,
};

/** Failures are rare in a sound app: mean 5 %, with room for any share. */
export const FAILURE_PRIOR: BetaPrior = { a: 0.5, b: 10 };

/** Steps worth a canary are right more often than not: mean 25 % wrong, most weight from 5 % to 50 %. */
export const WRONG_PRIOR: BetaPrior = { a: 2, b: 6 };

/** For the limit on failures: every share is as likely, so that an artifact that always fails is found at once. */
export const LIMIT_PRIOR: BetaPrior = { a: 1, b: 1 };

/** For the split of users: any other share is as likely (Lindon & Malek 2022, the two-arm case), so that no kind of bias is favoured. */
export const SPLIT_PRIOR: BetaPrior = { a: 1, b: 1 };
