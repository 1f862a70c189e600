import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { jensenShannon } from './jensenShannon.ts';

const counts = (of: Record<string, number>) => new Map(Object.entries(of));

test('equal shares are at distance 0, nothing in common at 1, and a known case in between', () => {
  expect(jensenShannon(counts({ a: 1, b: 3 }), counts({ a: 10, b: 30 }))).toBe(0);
  expect(jensenShannon(counts({ a: 5 }), counts({ b: 7 }))).toBe(1);
  // (1, 0) against (1/2, 1/2): divergence 0.311278 bits (scipy.spatial.distance.jensenshannon, base 2, squared).
  expect(jensenShannon(counts({ a: 1 }), counts({ a: 1, b: 1 })) ** 2).toBeCloseTo(0.311278, 6);
});

test('nothing is as near as it gets to nothing, and as far as it gets from something', () => {
  expect(jensenShannon(new Map(), new Map())).toBe(0);
  expect(jensenShannon(new Map(), counts({ a: 1 }))).toBe(1);
});

test('the distance is symmetric, between 0 and 1, and keeps the triangle inequality', () => {
  const some = fc
    .dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 50 }), { minKeys: 1 })
    .map(counts);
  fc.assert(
    fc.property(some, some, some, (a, b, c) => {
      const ab = jensenShannon(a, b);
      expect(ab).toBeCloseTo(jensenShannon(b, a), 12);
      expect(ab).toBeGreaterThanOrEqual(0);
      expect(ab).toBeLessThanOrEqual(1);
      expect(ab).toBeLessThanOrEqual(jensenShannon(a, c) + jensenShannon(c, b) + 1e-7);
    }),
  );
});
