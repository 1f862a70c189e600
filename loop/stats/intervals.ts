import type { DiscordantPairs } from './mcnemar.ts';
import { normalQuantile } from './normalQuantile.ts';

/** A two-sided interval; `confidence` is 0 to 1, such as 0.95. */
export type Interval = { low: number; high: number; confidence: number };

/** What intervals on pages and in reports use unless told otherwise. */
export const USUAL_CONFIDENCE = 0.95;

/**
 * Wilson's score interval for a share (0 to 1). It behaves at 0 and at n, where the plain normal interval collapses. With
 * no observations it is the whole range, 0 to 1.
 *
 * Source: Wilson 1927; recommended by Brown, Cai & DasGupta 2001.
 */
export function wilsonInterval({
  successes,
  n,
  confidence = USUAL_CONFIDENCE,
}: {
  successes: number;
  n: number;
  confidence?: number;
}): Interval {
  if (n === 0) return { low: 0, high: 1, confidence };
  const z2 = zOf(confidence) ** 2;
  const share = successes / n;
  const centre = share + z2 / (2 * n);
  const reach = Math.sqrt(z2 * ((share * (1 - share)) / n + z2 / (4 * n * n)));
  return {
    low: successes === 0 ? 0 : Math.max(0, (centre - reach) / (1 + z2 / n)),
    high: successes === n ? 1 : Math.min(1, (centre + reach) / (1 + z2 / n)),
    confidence,
  };
}

/**
 * Tango's score interval for the difference of two paired shares, (fixed - broken) / n, from -1 to 1. All differences that
 * the score test does not reject; found by bisection, since the score falls as the difference rises. It keeps its
 * confidence where few items change and never leaves -1 to 1. With no items it is the whole range.
 *
 * It may disagree with the exact McNemar test in close cases: the test decides, the interval describes.
 *
 * Source: Tango 1998, Statistics in Medicine 17, 891-908; Newcombe 1998 compares it with ten others.
 */
export function pairedDifferenceInterval({
  fixed,
  broken,
  n,
  confidence = USUAL_CONFIDENCE,
}: DiscordantPairs & { n: number; confidence?: number }): Interval {
  if (n === 0) return { low: -1, high: 1, confidence };
  const z = zOf(confidence);
  const score = (difference: number) => tangoScore({ fixed, broken, n, difference });
  const estimate = (fixed - broken) / n;
  return {
    low: estimate === -1 ? -1 : crossing(difference => score(difference) - z, -1, estimate),
    high: estimate === 1 ? 1 : crossing(difference => score(difference) + z, estimate, 1),
    confidence,
  };
}

/** Tango's statistic: standard normal, about, if the true difference is `difference`. */
function tangoScore({
  fixed,
  broken,
  n,
  difference,
}: DiscordantPairs & { n: number; difference: number }): number {
  const distance = fixed - broken - n * difference;
  if (distance === 0) return 0;
  const variance =
    n * (2 * likelyBrokenShare({ fixed, broken, n, difference }) + difference * (1 - difference));
  return distance / Math.sqrt(Math.max(0, variance));
}

/** The maximum likelihood share of broken items given the difference: the larger root of Tango's quadratic. */
function likelyBrokenShare({
  fixed,
  broken,
  n,
  difference,
}: DiscordantPairs & { n: number; difference: number }): number {
  const a = 2 * n;
  const b = (2 * n - fixed + broken) * difference - fixed - broken;
  const c = -broken * difference * (1 - difference);
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c));
  // the form that subtracts no near-equal numbers
  return b > 0 ? (-2 * c) / (b + root) : (root - b) / (2 * a);
}

function zOf(confidence: number): number {
  return normalQuantile(1 - (1 - confidence) / 2);
}

/** Where a falling function crosses 0 between `low` and `high`. */
function crossing(falling: (x: number) => number, low: number, high: number): number {
  let [left, right] = [low, high];
  for (let step = 0; step < 60; step++) {
    const middle = (left + right) / 2;
    if (falling(middle) > 0) left = middle;
    else right = middle;
  }
  return (left + right) / 2;
}
