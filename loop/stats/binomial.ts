import { logGamma } from './logGamma.ts';

/** A count of successes out of `n` independent trials with success probability `p`. */
export type BinomialCount = { successes: number; n: number; p: number };

/** ln P(X = successes) for X ~ Binomial(n, p); -Infinity where impossible. */
export function logBinomial({ successes, n, p }: BinomialCount): number {
  if (successes < 0 || successes > n) return Number.NEGATIVE_INFINITY;
  const choose = logGamma(n + 1) - logGamma(successes + 1) - logGamma(n - successes + 1);
  return choose + timesLog(successes, p) + timesLog(n - successes, 1 - p);
}

/**
 * P(X >= successes) for X ~ Binomial(n, p), exact up to rounding. Terms are summed from the largest outward by the ratio
 * of neighbours, with one logarithm as anchor, so it neither underflows nor loses digits for large n.
 */
export function binomialUpperTail({ successes, n, p }: BinomialCount): number {
  if (successes <= 0) return 1;
  if (successes > n || p <= 0) return 0;
  if (p >= 1) return 1;
  // below the mode the tail is near 1: take the small complement, whose terms fall from its edge on
  if (successes <= n * p) return 1 - upperSum({ successes: n - successes + 1, n, p: 1 - p });
  return upperSum({ successes, n, p });
}

/** P(X <= successes) for X ~ Binomial(n, p). */
export function binomialLowerTail({ successes, n, p }: BinomialCount): number {
  return binomialUpperTail({ successes: n - successes, n, p: 1 - p });
}

/**
 * Two-sided exact p-value of seeing this count: twice the smaller tail, at most 1 (the convention of Clopper & Pearson
 * 1934).
 */
export function binomialTwoSided(count: BinomialCount): number {
  return Math.min(1, 2 * Math.min(binomialLowerTail(count), binomialUpperTail(count)));
}

/** `x * ln y` with the limit 0 where x is 0. */
export function timesLog(x: number, y: number): number {
  return x === 0 ? 0 : x * Math.log(y);
}

function upperSum({ successes, n, p }: BinomialCount): number {
  const odds = p / (1 - p);
  let term = 1;
  let sum = 1;
  for (let k = successes; k < n; k++) {
    term *= ((n - k) / (k + 1)) * odds;
    sum += term;
    if (term < sum * Number.EPSILON) break;
  }
  return Math.min(1, Math.exp(logBinomial({ successes, n, p }) + Math.log(sum)));
}
