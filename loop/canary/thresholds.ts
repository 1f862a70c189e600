import { z } from 'zod';
import type { BetaPrior } from './eprocess.ts';

/**
 * What a canary is judged by. The defaults are what about 110 samples per arm can decide; the figures are exact, by summing
 * over all counts of two arms of 110 (passes) or over all paths (alarms):
 *
 * FIGURES
 */
export const canaryThresholdsSchema = z.strictObject({
  /** Chance of stopping a canary as harmful that is no worse than control, over its whole life; half for each stream. */
  alphaHarm: z.number().gt(0).lte(0.5).default(0.05),
  /** Chance of calling a canary "not worse by the margin" that is, over its whole life; for each stream, and both must pass. */
  alphaPass: z.number().gt(0).lte(0.5).default(0.05),
  /** A pass excludes a share of wrong answers above control's by this. Narrower, 110 samples per arm would pass too few. */
  correctnessMargin: z.number().gt(0).lt(1).default(0.15),
  /** A pass excludes a share of failures above control's by this. At 0.05 a single failure in 110 would hold the canary. */
  failureMargin: z.number().gt(0).lt(1).default(0.08),
  /** No artifact may fail more often than this, whatever control does. */
  failureLimit: z.number().gt(0).lt(1).default(0.1),
  /** Chance of a false alarm of the limit, over the canary's whole life. At 0.01 three failures out of three stop it. */
  alphaLimit: z.number().gt(0).lte(0.5).default(0.01),
  /** Least outcomes with a known answer, per arm, before a pass: a handful of users is not traffic. Harm needs no minimum. */
  minOutcomes: z.number().int().min(1).default(40),
  /** Below this p-value the split of units is not the planned one. Strict, as it is looked at often. */
  alphaSampleRatio: z.number().gt(0).lte(0.5).default(0.001),
  /** The canary is held if its 95th percentile latency is above control's by this factor and also by `latencyExtraMs`. */
  latencyFactor: z.number().min(1).default(2),
  /** Milliseconds; keeps a doubling of a few milliseconds from holding a canary. */
  latencyExtraMs: z.number().min(0).default(1_000),
});

/** Thresholds with every default filled in. */
export type CanaryThresholds = z.infer<typeof canaryThresholdsSchema>;

/** Failures are rare in a sound app: mean 5 %, with room for any share. */
export const FAILURE_PRIOR: BetaPrior = { a: 0.5, b: 10 };

/** Steps worth a canary are right more often than not: mean 25 % wrong, most weight from 5 % to 50 %. */
export const WRONG_PRIOR: BetaPrior = { a: 2, b: 6 };

/** For the limit on failures: every share is as likely, so that an artifact that always fails is found at once. */
export const LIMIT_PRIOR: BetaPrior = { a: 1, b: 1 };
