import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { armOf } from './bucket.ts';
import { plannedMessages, stepOfReceipt, USUAL_RAMP } from './ramp.ts';

const key = { salt: 's', signatureId: 'sig' };
const unitAt = (first: 'control' | 'canary', second: 'control' | 'canary') =>
  Array.from({ length: 400 }, (_, i) => `user-${i}`).find(
    unit => armOf({ ...key, unit, percent: 10 }) === first && armOf({ ...key, unit, percent: 50 }) === second,
  ) ?? '';
const placed = { ...key, ramp: USUAL_RAMP, msIntoStep: 1_000 };

test('should deal the usual night more to its second step, and the first little', () => {
  expect(USUAL_RAMP.map(plannedMessages)).toEqual([40, 312]);
});

test('should place a receipt in the step that runs when its arm is what that step deals', () => {
  fc.assert(
    fc.property(fc.string(), fc.nat(1), (unit, step) => {
      const arm = armOf({ ...key, unit, percent: USUAL_RAMP[step]?.percent ?? 0 });
      return stepOfReceipt({ ...placed, unit, arm, step, msIntoStep: 1e9 }) === step;
    }),
  );
});

test('should place a predict that was under way in the step before, for a few seconds only', () => {
  const late = { ...placed, unit: unitAt('control', 'canary'), arm: 'control' as const, step: 1 };
  expect(stepOfReceipt(late)).toBe(0);
  expect(stepOfReceipt({ ...late, msIntoStep: 60_000 })).toBeNull();
});

test('should place a unit on the wrong arm nowhere', () => {
  expect(stepOfReceipt({ ...placed, unit: unitAt('canary', 'canary'), arm: 'control', step: 1 })).toBeNull();
  expect(stepOfReceipt({ ...placed, unit: unitAt('control', 'control'), arm: 'canary', step: 0 })).toBeNull();
});
