import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { detectableGain, mcnemarPower, mcnemarPValue } from './mcnemar.ts';
import { seededRandom } from './random.ts';

test('should agree with counting all sign patterns', () => {
  for (let changed = 0; changed <= 12; changed++)
    for (let fixed = 0; fixed <= changed; fixed++) {
      let reaching = 0;
      for (let pattern = 0; pattern < 2 ** changed; pattern++) if (bitsIn(pattern) >= fixed) reaching++;
      expect(mcnemarPValue({ fixed, broken: changed - fixed })).toBeCloseTo(reaching / 2 ** changed, 12);
    }
});

test('should fall with every fixed item and rise with every broken one', () => {
  fc.assert(
    fc.property(fc.nat(500), fc.nat(500), (fixed, broken) => {
      const p = mcnemarPValue({ fixed, broken });
      expect(mcnemarPValue({ fixed: fixed + 1, broken })).toBeLessThanOrEqual(p);
      expect(mcnemarPValue({ fixed, broken: broken + 1 })).toBeGreaterThanOrEqual(p - 1e-12);
    }),
  );
});

test('should stay stable for large counts', () => {
  expect(mcnemarPValue({ fixed: 100_500, broken: 99_500 })).toBeCloseTo(0.012746945333, 9);
  expect(mcnemarPValue({ fixed: 5_000, broken: 0 })).toBeGreaterThanOrEqual(0);
  expect(mcnemarPValue({ fixed: 0, broken: 0 })).toBe(1);
});

test('should have the power that a simulation finds', () => {
  const [n, gain, share, alpha, nights] = [60, 0.15, 0.2, 0.05, 3_000];
  const random = seededRandom('power');
  let seen = 0;
  for (let night = 0; night < nights; night++) {
    const pairs = { fixed: 0, broken: 0 };
    for (let item = 0; item < n; item++) {
      const x = random();
      if (x < (share + gain) / 2) pairs.fixed++;
      else if (x < share) pairs.broken++;
    }
    if (mcnemarPValue(pairs) <= alpha) seen++;
  }
  expect(Math.abs(mcnemarPower({ n, alpha, gain, discordance: share }) - seen / nights)).toBeLessThan(0.03);
});

test('should find the smallest gain that reaches the power', () => {
  const question = { n: 200, alpha: 0.05, power: 0.8 };
  const { points, discordance } = detectableGain(question);
  expect({ points, discordance }).toEqual({ points: 8.2, discordance: 0.2 });
  expect(mcnemarPower({ ...question, gain: 0.082 })).toBeGreaterThanOrEqual(0.8);
  expect(mcnemarPower({ ...question, gain: 0.081 })).toBeLessThan(0.8);
});

test('should see smaller gains with more items, and say so when it can see none', () => {
  const points = [10, 20, 50, 100, 1_000].map(n => detectableGain({ n, alpha: 0.05, power: 0.8 }).points);
  expect(points).toEqual([58.1, 31.4, 16.4, 11.6, 3.7]);
  expect(detectableGain({ n: 4, alpha: 0.05, power: 0.8 }).points).toBeNull();
});

function bitsIn(pattern: number): number {
  return pattern.toString(2).replaceAll('0', '').length;
}
