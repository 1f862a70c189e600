import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { latencyQuantile, withLatency } from './latency.ts';

const filled = (durations: readonly number[]) => durations.reduce<number[]>(withLatency, []);

test('should read every quantile from the true value up to 19 % above it', () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 1, max: 200_000, noNaN: true }), { minLength: 1, maxLength: 60 }),
      fc.double({ min: 0.01, max: 1, noNaN: true }),
      (durations, share) => {
        const sorted = durations.toSorted((a, b) => a - b);
        const exact = sorted[Math.ceil(share * sorted.length - 1e-9) - 1] ?? 0;
        const read = latencyQuantile(filled(durations), share) ?? 0;
        return read >= exact - 0.5 && read <= exact * 1.19 + 0.5;
      },
    ),
  );
});

test('should count every answer once, also absurd ones', () => {
  const histogram = filled([-5, 0, Number.NaN, 1, 40, 1e12]);
  expect(histogram.reduce((sum, count) => sum + count)).toBe(6);
  expect(histogram.length).toBeLessThanOrEqual(73);
});

test('should know no quantile without answers', () => {
  expect(latencyQuantile([], 0.95)).toBeUndefined();
});
