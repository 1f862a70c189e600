import { expect, test } from '@playwright/test';
import { betaBinomial } from './betaBinomial.ts';
import { logBinomial } from './binomial.ts';

const sumOf = (terms: Float64Array, of: (k: number) => number) =>
  terms.reduce((sum, term, k) => sum + term * of(k), 0);

test('the terms sum to one, and their mean is n a / (a + b), also for many trials', () => {
  for (const [n, a, b] of [
    [0, 1, 1],
    [1, 0.5, 0.5],
    [40, 3.3, 17],
    [5_000, 900, 0.3],
  ] as const) {
    const terms = betaBinomial(n, a, b);
    expect(terms.length).toBe(n + 1);
    expect(sumOf(terms, () => 1)).toBeCloseTo(1, 9);
    expect(sumOf(terms, k => k)).toBeCloseTo((n * a) / (a + b), 5);
  }
});

test('with a flat prior every count is as likely, and with a sharp one it is the binomial', () => {
  for (const term of betaBinomial(9, 1, 1)) expect(term).toBeCloseTo(0.1, 12);
  const sharp = betaBinomial(12, 3e6, 7e6);
  sharp.forEach((term, successes) => {
    expect(term).toBeCloseTo(Math.exp(logBinomial({ successes, n: 12, p: 0.3 })), 5);
  });
});
