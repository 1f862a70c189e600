import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { pairedBootstrap } from './pairedBootstrap.ts';
import { seededRandom } from './random.ts';

test('should repeat itself for the same seed', () => {
  const input = {
    differences: [0.1, -0.2, 0.3, 0, 0.4, 0.1, 0.2, 0, 0.1, 0.3],
    seed: 'night-1',
    resamples: 500,
  };
  expect(pairedBootstrap(input)).toEqual(pairedBootstrap(input));
  expect(pairedBootstrap({ ...input, seed: 'night-2' })).not.toEqual(pairedBootstrap(input));
});

test('should find a clear gain and no gain in its mirror image', () => {
  const differences = Array.from({ length: 30 }, (_, i) => (i % 5 === 0 ? -0.1 : 0.2));
  const gain = pairedBootstrap({ differences, seed: 's' });
  expect(gain.pValue).toBeLessThan(0.001);
  expect(gain.interval.low).toBeGreaterThan(0);
  expect(pairedBootstrap({ differences: differences.map(d => -d), seed: 's' }).pValue).toBeGreaterThan(0.99);
});

test('should claim no more than a sign test when few items changed', () => {
  const differences = [0.5, 0.5, 0.5, 0, 0, 0, 0, 0, 0, 0];
  expect(pairedBootstrap({ differences, seed: 's' }).pValue).toBeGreaterThan(0.1);
});

test('should show nothing without items or without change', () => {
  expect(pairedBootstrap({ differences: [], seed: 's' }).pValue).toBe(1);
  expect(pairedBootstrap({ differences: [0, 0, 0], seed: 's' })).toEqual({
    pValue: 1,
    interval: { low: 0, high: 0, confidence: 0.95 },
  });
});

test('should keep p between 0 and 1 and the interval in order', () => {
  const grade = fc.double({ min: -1, max: 1, noNaN: true });
  fc.assert(
    fc.property(fc.array(grade, { minLength: 1, maxLength: 30 }), fc.string(), (differences, seed) => {
      const { pValue, interval } = pairedBootstrap({ differences, seed, resamples: 100 });
      return pValue > 0 && pValue <= 1 && interval.low <= interval.high;
    }),
  );
});

test('should raise a false alarm in about 5 % of null nights', () => {
  const random = seededRandom('null nights');
  const nights = 800;
  let alarms = 0;
  for (let night = 0; night < nights; night++) {
    const differences = Array.from({ length: 20 }, () => random() - 0.5);
    if (pairedBootstrap({ differences, seed: `${night}`, resamples: 299 }).pValue <= 0.05) alarms++;
  }
  expect(alarms / nights).toBeLessThan(0.05 + 3 * Math.sqrt((0.05 * 0.95) / nights));
});
