import { expect, test } from '@playwright/test';
import { countOutcomes, statusBeforeEnd } from './outcomes.ts';

const none = countOutcomes([]);
const run = { maxFailures: 0, errors: [] };

test('should work out how a run ends before Playwright says so', () => {
  expect(statusBeforeEnd({ ...none, passed: 2, flaky: 1, skipped: 1 }, run)).toBe('passed');
  expect(statusBeforeEnd({ ...none, failed: 1, did_not_run: 1 }, run)).toBe('failed');
  expect(statusBeforeEnd({ ...none, passed: 1 }, { ...run, errors: ['a worker broke'] })).toBe('failed');
  expect(statusBeforeEnd({ ...none, interrupted: 1, failed: 1 }, run)).toBe('interrupted');
  expect(statusBeforeEnd({ ...none, did_not_run: 1 }, run)).toBe('interrupted');
  expect(statusBeforeEnd({ ...none, interrupted: 1, failed: 1 }, { ...run, maxFailures: 1 })).toBe('failed');
  const late = { ...run, errors: ['Timed out waiting 4s for the test suite to run'] };
  expect(statusBeforeEnd({ ...none, interrupted: 1 }, late)).toBe('timedout');
});
