import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { pairedDifferenceInterval, wilsonInterval } from './intervals.ts';
import { normalQuantile } from './normalQuantile.ts';

test('should give the Wilson intervals of Newcombe 1998, table I', () => {
  const rounded = (successes: number, n: number) => {
    const { low, high } = wilsonInterval({ successes, n });
    return [low.toFixed(4), high.toFixed(4)];
  };
  expect(rounded(81, 263)).toEqual(['0.2553', '0.3662']);
  expect(rounded(15, 148)).toEqual(['0.0624', '0.1605']);
  expect(rounded(0, 20)).toEqual(['0.0000', '0.1611']);
  expect(rounded(1, 29)).toEqual(['0.0061', '0.1718']);
});

test('should know nothing without observations', () => {
  expect(wilsonInterval({ successes: 0, n: 0 })).toEqual({ low: 0, high: 1, confidence: 0.95 });
  expect(pairedDifferenceInterval({ fixed: 0, broken: 0, n: 0 })).toEqual({
    low: -1,
    high: 1,
    confidence: 0.95,
  });
});

test('should give Tango closed form where no item changed', () => {
  const { low, high } = pairedDifferenceInterval({ fixed: 0, broken: 0, n: 50 });
  const z2 = normalQuantile(0.975) ** 2;
  expect(low).toBeCloseTo(-z2 / (50 + z2), 6);
  expect(high).toBeCloseTo(z2 / (50 + z2), 6);
});

test('should end where the score test, with its likelihood maximised by search, just rejects', () => {
  const z = normalQuantile(0.975);
  for (const [fixed, broken, n] of [
    [12, 2, 50],
    [3, 9, 40],
    [1, 0, 10],
    [60, 40, 400],
  ] as const) {
    const { low, high } = pairedDifferenceInterval({ fixed, broken, n });
    expect(searchedScore(fixed, broken, n, low)).toBeCloseTo(z, 4);
    expect(searchedScore(fixed, broken, n, high)).toBeCloseTo(-z, 4);
  }
});

test('should contain the estimate, mirror when fixed and broken swap, and widen with confidence', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.nat(60), fc.nat(60), (fixed, broken, same) => {
      const n = fixed + broken + same;
      const estimate = n === 0 ? 0 : (fixed - broken) / n;
      const interval = pairedDifferenceInterval({ fixed, broken, n });
      const mirrored = pairedDifferenceInterval({ fixed: broken, broken: fixed, n });
      const wider = pairedDifferenceInterval({ fixed, broken, n, confidence: 0.99 });
      return (
        interval.low >= -1 &&
        interval.low <= estimate + 1e-9 &&
        interval.high >= estimate - 1e-9 &&
        interval.high <= 1 &&
        Math.abs(mirrored.low + interval.high) < 1e-6 &&
        wider.low <= interval.low + 1e-9 &&
        wider.high >= interval.high - 1e-9
      );
    }),
  );
});

function searchedScore(fixed: number, broken: number, n: number, difference: number): number {
  const likelihood = (p: number) =>
    fixed * Math.log(p + difference) +
    (broken === 0 ? 0 : broken * Math.log(p)) +
    (n - fixed - broken) * Math.log(1 - 2 * p - difference);
  let [low, high] = [Math.max(0, -difference), (1 - difference) / 2];
  for (let step = 0; step < 200; step++) {
    const third = (high - low) / 3;
    if (likelihood(low + third) < likelihood(high - third)) low += third;
    else high -= third;
  }
  return (fixed - broken - n * difference) / Math.sqrt(n * (2 * low + difference * (1 - difference)));
}
