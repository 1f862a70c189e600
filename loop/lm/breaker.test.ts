import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import {
  admission,
  afterFailure,
  type BreakerState,
  OPEN_AFTER_FAILURES,
  OPEN_MS,
  probing,
} from './breaker.ts';
import { patientBreakers } from './patientBreakers.ts';

const failed = (times: number, now: number) =>
  Array.from({ length: times }).reduce<BreakerState | null>(state => afterFailure(state, now), null);

test('a breaker is closed until the last failure of the row, then open, then half open for one', () => {
  expect(admission(null, 0)).toBe('closed');
  expect(admission(failed(OPEN_AFTER_FAILURES - 1, 0), 0)).toBe('closed');
  const open = failed(OPEN_AFTER_FAILURES, 0) as BreakerState;
  expect(admission(open, OPEN_MS - 1)).toBe('open');
  expect(admission(open, OPEN_MS)).toBe('probe');
  expect(admission(probing(open, OPEN_MS), OPEN_MS + 1)).toBe('open');
  expect(admission(afterFailure(probing(open, OPEN_MS), OPEN_MS + 2), OPEN_MS + 3)).toBe('open');
});

test('a lost probe does not keep the breaker open for ever', () => {
  fc.assert(
    fc.property(fc.integer({ min: OPEN_AFTER_FAILURES, max: 40 }), fc.nat(1_000_000), (failures, now) => {
      const state = probing(failed(failures, now) as BreakerState, now);
      expect(admission(state, now + 60_000)).toBe('probe');
    }),
  );
});

test('of many callers at a half open breaker one probes, and the others go when it has succeeded', async () => {
  let now = 0;
  let looks = 0;
  const never = new AbortController().signal;
  const breakers = patientBreakers(
    () => now,
    async () => {
      looks += 1;
      if (looks > 20) await breakers.record('m', true);
    },
  );
  for (let n = 0; n < OPEN_AFTER_FAILURES; n++) await breakers.record('m', false);
  now = OPEN_MS;
  const admitted = await Promise.all([1, 2, 3, 4].map(() => breakers.admit('m', never)));
  expect(admitted.sort()).toEqual(['closed', 'closed', 'closed', 'probe']);
});
