import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { randomInt, sample, seededRandom, shuffle } from './random.ts';

const draw = (seed: string, count: number) => Array.from({ length: count }, seededRandom(seed));

test('should repeat itself for the same seed only', () => {
  expect(draw('a', 100)).toEqual(draw('a', 100));
  expect(draw('a', 100)).not.toEqual(draw('b', 100));
  expect(draw('golden', 3)).toEqual([0.33732207026332617, 0.6197287768591195, 0.8295634374953806]);
});

test('should be uniform from 0 to 1', () => {
  const numbers = draw('uniform', 50_000);
  expect(numbers.every(x => x >= 0 && x < 1)).toBe(true);
  const counts = new Array<number>(10).fill(0);
  for (const x of numbers) counts[Math.floor(x * 10)] = (counts[Math.floor(x * 10)] ?? 0) + 1;
  const chiSquare = counts.reduce((sum, seen) => sum + (seen - 5_000) ** 2 / 5_000, 0);
  expect(chiSquare).toBeLessThan(27.9); // 99.9 % point with 9 degrees of freedom
});

test('should keep whole numbers below the bound', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 1, max: 1e9 }), (seed, bound) => {
      const drawn = randomInt(seededRandom(seed), bound);
      expect(drawn).toBeGreaterThanOrEqual(0);
      expect(drawn).toBeLessThan(bound);
    }),
  );
});

test('should shuffle without loss and sample without repetition, leaving the input alone', () => {
  fc.assert(
    fc.property(fc.array(fc.integer()), fc.nat(20), fc.string(), (items, count, seed) => {
      const before = [...items];
      const ascending = (a: number, b: number) => a - b;
      expect(shuffle(items, seededRandom(seed)).sort(ascending)).toEqual([...items].sort(ascending));
      expect(sample(items, count, seededRandom(seed))).toHaveLength(Math.min(count, items.length));
      expect(items).toEqual(before);
    }),
  );
});

test('should give every order of three items the same chance', () => {
  const random = seededRandom('orders');
  const counts = new Map<string, number>();
  for (let i = 0; i < 6_000; i++) {
    const order = shuffle(['a', 'b', 'c'], random).join('');
    counts.set(order, (counts.get(order) ?? 0) + 1);
  }
  expect(counts.size).toBe(6);
  for (const seen of counts.values()) expect(Math.abs(seen - 1_000)).toBeLessThan(130);
});
