import { expect, test } from '@playwright/test';
import type { Night } from './nightModel.ts';
import { safetyChecks } from './safety.ts';

const night: Night = {
  runId: 'night-1',
  signatureId: '@openagents/autopilot/blueprint/SelectTool.v1',
  running: false,
  verdict: 'kept',
  reason: null,
  startedAt: 0,
  finishedAt: 1,
  until: 1,
  phases: [],
  phase: null,
  facts: {},
  summary: null,
};
const noTests = { passed: 0, failed: 0, flaky: 0, skipped: 0, did_not_run: 0, interrupted: 0 };

function heldOf(checks: ReturnType<typeof safetyChecks>) {
  return Object.fromEntries(checks.map(({ what, held }) => [what, held]));
}

test('what did not happen is open, never held', () => {
  const checks = safetyChecks({ night, gate: null, canary: null, soak: null, tests: noTests });
  expect(heldOf(checks)).toEqual({
    'Sealed examples': null,
    Canary: null,
    'Browser tests': null,
    Soak: null,
  });
});

test('a test that failed or did not run breaks the check and is named', () => {
  const tests = { ...noTests, passed: 3, failed: 1, did_not_run: 2 };
  const check = safetyChecks({ night, gate: null, canary: null, soak: null, tests })[2];
  expect(check).toEqual({
    held: false,
    what: 'Browser tests',
    detail: '3 tests passed, 1 failed, 2 did not run.',
  });
});

test('a rollback shows that the soak did not hold', () => {
  const rolledBack: Night = { ...night, verdict: 'rolled_back' };
  expect(
    heldOf(safetyChecks({ night: rolledBack, gate: null, canary: null, soak: null, tests: noTests })).Soak,
  ).toBe(false);
});
