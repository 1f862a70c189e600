import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { binomialLowerTail, binomialTwoSided, binomialUpperTail, logBinomial } from './binomial.ts';
import { logBeta, logGamma } from './logGamma.ts';
import { normalQuantile } from './normalQuantile.ts';

test('should know the logarithm of the factorials', () => {
  let logFactorial = 0;
  for (let n = 1; n <= 200; n++) {
    logFactorial += Math.log(n);
    expect(Math.abs(logGamma(n + 1) - logFactorial)).toBeLessThan(1e-11);
  }
  expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 13);
  expect(logBeta(2, 3)).toBeCloseTo(Math.log(1 / 12), 13);
  expect(() => logGamma(0)).toThrow('logGamma needs a number above 0');
});

test('should know the usual points of the normal distribution', () => {
  expect(normalQuantile(0.975)).toBeCloseTo(1.959963984540054, 8);
  expect(normalQuantile(0.5)).toBe(0);
  expect(normalQuantile(0.001)).toBeCloseTo(-3.090232306167813, 8);
  expect(normalQuantile(0.999)).toBeCloseTo(3.090232306167813, 8);
  expect(() => normalQuantile(1)).toThrow('A probability between 0 and 1 is needed');
});

test('should agree with sums over Pascal triangle', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 0, max: 60 }),
      fc.nat(60),
      fc.double({ min: 0.01, max: 0.99, noNaN: true }),
      (n, k, p) => {
        const terms = pascalRow(n).map((ways, x) => ways * p ** x * (1 - p) ** (n - x));
        const upper = terms.slice(k).reduce((sum, term) => sum + term, 0);
        expect(Math.abs(binomialUpperTail({ successes: k, n, p }) - upper)).toBeLessThan(1e-10);
        expect(Math.abs(binomialLowerTail({ successes: k - 1, n, p }) - (1 - upper))).toBeLessThan(1e-10);
      },
    ),
  );
});

test('should keep its digits far out in the tail and for a million trials', () => {
  expect(Math.log(binomialUpperTail({ successes: 1_000, n: 1_000, p: 0.5 }))).toBeCloseTo(
    1_000 * Math.log(0.5),
    7,
  );
  expect(binomialUpperTail({ successes: 500_000, n: 1_000_000, p: 0.5 })).toBeCloseTo(0.5003989421806658, 9);
  expect(binomialUpperTail({ successes: 502_000, n: 1_000_000, p: 0.5 })).toBeCloseTo(3.180466875e-5, 11);
});

test('should handle certain and impossible events', () => {
  expect(binomialUpperTail({ successes: 0, n: 0, p: 0.5 })).toBe(1);
  expect(binomialUpperTail({ successes: 1, n: 5, p: 0 })).toBe(0);
  expect(binomialUpperTail({ successes: 5, n: 5, p: 1 })).toBe(1);
  expect(logBinomial({ successes: 6, n: 5, p: 0.5 })).toBe(Number.NEGATIVE_INFINITY);
  expect(binomialTwoSided({ successes: 3, n: 50, p: 0 })).toBe(0);
  expect(binomialTwoSided({ successes: 25, n: 50, p: 0.5 })).toBe(1);
});

function pascalRow(n: number): number[] {
  let row = [1];
  for (let i = 0; i < n; i++) row = [...row, 0].map((ways, x) => ways + (row[x - 1] ?? 0));
  return row;
}
