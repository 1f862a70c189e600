import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { armOf, armOfBucket, BUCKETS, bucketOf } from './bucket.ts';

const signatureId = '@openagents/autopilot/blueprint/SelectTool.v1';

test('should never change: golden buckets', () => {
  const buckets = ['user-1', 'user-2', 'ü', ''].map(unit => bucketOf({ salt: 'salt', unit, signatureId }));
  expect(buckets).toEqual([2124, 4644, 6942, 4129]);
});

test('should spread units evenly over the buckets', () => {
  const counts = new Array<number>(20).fill(0);
  const units = 20_000;
  for (let i = 0; i < units; i++) {
    const slot = Math.floor(
      (bucketOf({ salt: 's', unit: `user-${i}`, signatureId }) / BUCKETS) * counts.length,
    );
    counts[slot] = (counts[slot] ?? 0) + 1;
  }
  const expected = units / counts.length;
  const chiSquare = counts.reduce((sum, seen) => sum + (seen - expected) ** 2 / expected, 0);
  expect(chiSquare).toBeLessThan(43.8); // 99.9 % point with 19 degrees of freedom
});

test('should deal units anew for another salt or signature', () => {
  const arms = (salt: string) =>
    Array.from({ length: 2_000 }, (_, i) => armOf({ salt, unit: `${i}`, signatureId, percent: 50 }));
  const other = arms('b');
  const same = arms('a').filter((arm, i) => arm === other[i]).length;
  expect(Math.abs(same - 1_000)).toBeLessThan(150);
});

test('should put all on control at 0 %, all on canary at 100 %, and only ever move units to canary', () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.double({ min: 0, max: 100, noNaN: true }),
      fc.nat(100),
      (unit, percent, more) => {
        const key = { salt: 's', unit, signatureId };
        const wider = armOf({ ...key, percent: Math.min(100, percent + more) });
        return (
          armOf({ ...key, percent: 0 }) === 'control' &&
          armOf({ ...key, percent: 100 }) === 'canary' &&
          (wider === 'canary' || armOf({ ...key, percent }) === 'control')
        );
      },
    ),
  );
});

test('should cut at exactly percent * 100 buckets, also where the product is not exact', () => {
  expect(armOfBucket(28, 0.29)).toBe('canary');
  expect(armOfBucket(29, 0.29)).toBe('control');
});

test('should refuse a percent outside 0 to 100', () => {
  for (const percent of [-1, 100.1, Number.NaN])
    expect(() => armOfBucket(0, percent)).toThrow('Canary percent must be from 0 to 100');
});
