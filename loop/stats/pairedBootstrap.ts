import { type Interval, USUAL_CONFIDENCE } from './intervals.ts';
import { type Random, seededRandom } from './random.ts';

/** Differences after - before, one per item, and the seed that makes the answer repeatable. */
export type PairedBootstrapInput = {
  differences: readonly number[];
  seed: string;
  /** Resamples to draw; the p-value cannot fall below 1 / (resamples + 1). */
  resamples?: number;
  confidence?: number;
};

/** A one-sided p-value for "the mean difference is above 0" and an interval for the mean difference. */
export type PairedBootstrapResult = { pValue: number; interval: Interval };

/** Resolves p-values of 0.001 to within a third; 200 items take about 30 ms. */
export const USUAL_RESAMPLES = 10_000;

/**
 * Paired bootstrap test that the mean difference is above 0, for graded scores. `pValue` is the larger of two:
 *
 * - Bootstrap: items are resampled with replacement, before and after together; the differences are shifted to mean 0 and
 *   widened by sqrt(n / (n - 1)), since resampling shrinks their spread by that factor. The share of resamples whose mean is
 *   at least the observed one, the observed one counted in.
 * - Sign flips: each difference keeps or changes its sign at random. Exact where gains and losses of a size are as likely; it
 *   keeps the bootstrap honest when few items changed, which cannot show more than a sign test does.
 *
 * The interval is the percentile interval of the resampled means. Without items the p-value is 1.
 *
 * Approximate, unlike the exact test for right-or-wrong scores. No resampling sees a rare large loss that the sample missed:
 * where 90 % of items gain 0.1 and 10 % lose 0.9, true mean 0, a test at 5 % is wrong in 35 % of runs with 10 items, 11 % with
 * 20 to 50 and 6 % with 200. In the symmetric worlds tried it stays within 5 %, give or take 1 (n = 10 to 200).
 *
 * Source: Efron & Tibshirani 1993, sections 13.3 (interval), 15.2 (sign flips) and 16.4 (shifting); Davison & Hinkley 1997,
 * section 4.4 (+ 1).
 */
export function pairedBootstrap({
  differences,
  seed,
  resamples = USUAL_RESAMPLES,
  confidence = USUAL_CONFIDENCE,
}: PairedBootstrapInput): PairedBootstrapResult {
  const n = differences.length;
  if (n === 0) return { pValue: 1, interval: { low: -1, high: 1, confidence } };
  const random = seededRandom(seed);
  const values = Float64Array.from(differences);
  const mean = values.reduce((sum, value) => sum + value, 0) / n;
  const widening = Math.sqrt(n / Math.max(1, n - 1));
  const means = drawMeans(resamples, () => resampledMean(values, random));
  const shifted = means.map(resampled => (resampled - mean) * widening);
  const flipped = drawMeans(resamples, () => flippedMean(values, random));
  const at = (share: number) => means[Math.min(resamples - 1, Math.floor(share * resamples))] ?? mean;
  means.sort();
  return {
    pValue: Math.max(shareReaching(mean, shifted), shareReaching(mean, flipped)),
    interval: { low: at((1 - confidence) / 2), high: at((1 + confidence) / 2), confidence },
  };
}

function drawMeans(draws: number, draw: () => number): Float64Array {
  return Float64Array.from({ length: draws }, draw);
}

function resampledMean(values: Float64Array, random: Random): number {
  let sum = 0;
  for (let draw = 0; draw < values.length; draw++) sum += values[Math.floor(random() * values.length)] ?? 0;
  return sum / values.length;
}

function flippedMean(values: Float64Array, random: Random): number {
  let sum = 0;
  for (const value of values) sum += random() < 0.5 ? value : -value;
  return sum / values.length;
}

/** The share of draws that reach the observed mean, itself included; draws that differ by rounding alone count. */
function shareReaching(mean: number, draws: Float64Array): number {
  let reaching = 1;
  for (const draw of draws) if (draw >= mean - 1e-12) reaching++;
  return reaching / (draws.length + 1);
}
