import { type Interval, USUAL_CONFIDENCE } from './intervals.ts';
import { normalQuantile } from './normalQuantile.ts';

/** An estimate with its two-sided interval. */
export type Estimate = { value: number; interval: Interval };

/**
 * The chance that a value of `higher` exceeds one of `lower`, ties counted half (the area under the ROC curve): 1 tells them apart, 0.5
 * does not. The interval is Newcombe's method 5, which does not collapse at 0 and 1; it takes all values as independent. Null when
 * either side is empty.
 *
 * Source: Hanley & McNeil 1982, Radiology 143, 29-36; Newcombe 2006, Statistics in Medicine 25, 559-573.
 */
export function separation(
  higher: readonly number[],
  lower: readonly number[],
  confidence = USUAL_CONFIDENCE,
): Estimate | null {
  const pairs = higher.length * lower.length;
  if (pairs === 0) return null;
  let wins = 0;
  for (const high of higher) for (const low of lower) wins += high > low ? 1 : high === low ? 0.5 : 0;
  const value = wins / pairs;
  const z = zOf(confidence);
  const others = (higher.length + lower.length) / 2 - 1;
  const reach = (area: number) =>
    z * Math.sqrt((area * (1 - area) * (1 + others * ((1 - area) / (2 - area) + area / (1 + area)))) / pairs);
  return {
    value,
    interval: {
      low: value === 0 ? 0 : lastWithin(area => value - area > reach(area), 0, value),
      high: value === 1 ? 1 : 1 - lastWithin(gap => 1 - gap - value > reach(1 - gap), 0, 1 - value),
      confidence,
    },
  };
}

/** Where `outside`, true at `from` and false at `to`, changes. */
function lastWithin(outside: (x: number) => boolean, from: number, to: number): number {
  let [left, right] = [from, to];
  for (let step = 0; step < 60; step++) {
    const middle = (left + right) / 2;
    if (outside(middle)) left = middle;
    else right = middle;
  }
  return right;
}

/**
 * Spearman's rank correlation, -1 to 1, ties at their middle rank. The interval is Fisher's with the variance 1.06 / (n - 3) for ranks.
 * Null with fewer than four pairs, or when one side does not vary.
 *
 * Source: Fieller, Hartley & Pearson 1957, Biometrika 44, 470-481.
 */
export function rankCorrelation(
  pairs: readonly (readonly [number, number])[],
  confidence = USUAL_CONFIDENCE,
): Estimate | null {
  const value = correlation(ranks(pairs.map(([a]) => a)), ranks(pairs.map(([, b]) => b)));
  if (pairs.length < 4 || value === null) return null;
  const reach = zOf(confidence) * Math.sqrt(1.06 / (pairs.length - 3));
  // At exactly -1 or 1 Fisher's transform is infinite, and the interval a point.
  const at = Math.atanh(value);
  return { value, interval: { low: Math.tanh(at - reach), high: Math.tanh(at + reach), confidence } };
}

function ranks(values: readonly number[]): number[] {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = new Map<number, number>();
  for (const value of sorted) middle.set(value, (sorted.indexOf(value) + sorted.lastIndexOf(value)) / 2);
  return values.map(value => middle.get(value) ?? 0);
}

function correlation(a: readonly number[], b: readonly number[]): number | null {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, squareA, squareB] = [0, 0, 0];
  a.forEach((value, i) => {
    const [fromA, fromB] = [value - meanA, (b[i] ?? meanB) - meanB];
    both += fromA * fromB;
    squareA += fromA ** 2;
    squareB += fromB ** 2;
  });
  return squareA > 0 && squareB > 0 ? Math.max(-1, Math.min(1, both / Math.sqrt(squareA * squareB))) : null;
}

function zOf(confidence: number): number {
  return normalQuantile(1 - (1 - confidence) / 2);
}
