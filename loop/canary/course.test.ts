import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { isSampled, thinned } from './course.ts';

const arm = (n: number, correct = 0) => ({ n, failures: 0, correct, wrong: 0 });
const counts = (n: number, correct = 0) => ({ control: arm(n, correct), canary: arm(0) });

test('every change of a small canary is kept, and of a large one a number that hardly grows', () => {
  const keptOf = (changes: number) =>
    Array.from({ length: changes }, (_, i) => isSampled(counts(i), counts(i + 1))).filter(Boolean).length;
  expect(keptOf(64)).toBe(64);
  expect(keptOf(1_000)).toBeLessThan(200);
  expect(keptOf(100_000)).toBeLessThan(450);
});

test('a batch of outcomes that passes a point keeps one', () => {
  expect(isSampled(counts(1_000), counts(1_000, 300))).toBe(true);
  expect(isSampled(counts(1_000), counts(1_000))).toBe(false);
});

test('thinned points keep the ends and the order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 500 }), fc.integer({ min: 2, max: 100 }), (length, most) => {
      const points = Array.from({ length }, (_, i) => i);
      const kept = thinned(points, most);
      expect(kept).toHaveLength(Math.min(length, most));
      expect([kept[0], kept.at(-1)]).toEqual([0, length - 1]);
      expect(kept).toEqual([...new Set(kept)].sort((a, b) => a - b));
    }),
  );
});
