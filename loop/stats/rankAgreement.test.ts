import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { rankCorrelation, separation } from './rankAgreement.ts';

test('separation is 1 when every higher value is above every lower one, 0.5 when none differ', () => {
  expect(separation([3, 4], [1, 2])?.value).toBe(1);
  expect(separation([1, 1], [1, 1])?.value).toBe(0.5);
  expect(separation([1], [2, 3])?.value).toBe(0);
  expect(separation([3, 1], [2])?.value).toBe(0.5);
  expect(separation([], [1])).toBeNull();
});

test('the interval of a perfect separation does not collapse, and narrows with more values', () => {
  const perfect = (n: number) =>
    separation(
      Array.from({ length: n }, () => 1),
      Array.from({ length: n }, () => 0),
    )?.interval.low ?? 0;
  expect(perfect(10)).toBeLessThan(0.97);
  expect(perfect(10)).toBeGreaterThan(0.7);
  expect(perfect(100)).toBeGreaterThan(perfect(10));
});

test('a separation is within its interval, which is within 0 to 1 and mirrors when the sides are swapped', () => {
  const values = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 1, maxLength: 20 });
  fc.assert(
    fc.property(values, values, (higher, lower) => {
      const [one, other] = [separation(higher, lower), separation(lower, higher)];
      if (!one || !other) throw new Error('both sides have values');
      expect(one.value + other.value).toBeCloseTo(1, 9);
      expect(one.interval.low).toBeGreaterThanOrEqual(0);
      expect(one.interval.low).toBeLessThanOrEqual(one.value + 1e-9);
      expect(one.interval.high).toBeGreaterThanOrEqual(one.value - 1e-9);
      expect(one.interval.high).toBeLessThanOrEqual(1);
      expect(one.interval.low).toBeCloseTo(1 - other.interval.high, 6);
    }),
  );
});

test('rank correlation sees order only, and gives ties their middle rank', () => {
  expect(
    rankCorrelation([
      [1, 10],
      [2, 20],
      [3, 30],
      [4, 1000],
    ])?.value,
  ).toBeCloseTo(1, 12);
  expect(
    rankCorrelation([
      [1, 4],
      [2, 3],
      [3, 2],
      [4, 1],
    ])?.value,
  ).toBeCloseTo(-1, 12);
  // Checked by hand: ranks 1, 2.5, 2.5, 4 against 1, 3, 2, 4 give 4.5 / sqrt(4.5 * 5).
  expect(
    rankCorrelation([
      [1, 1],
      [2, 3],
      [2, 2],
      [3, 4],
    ])?.value,
  ).toBeCloseTo(4.5 / Math.sqrt(22.5), 12);
  expect(
    rankCorrelation([
      [1, 5],
      [2, 5],
      [3, 5],
      [4, 5],
    ]),
    'labels that do not vary',
  ).toBeNull();
  expect(rankCorrelation([[1, 2]])).toBeNull();
});
