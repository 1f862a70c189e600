import { aftermath } from '../../../fixtures/chaos/aftermath.ts';
import { expect, test } from '../../../fixtures/chaos/chaosTest.ts';
import { CHAOS_RUN } from '../../../fixtures/chaos/compiledNight.ts';

test('a backend killed in the canary: the night fails, and the next start leaves nothing open', async ({
  goOn,
  stateDir,
}) => {
  const night = goOn();
  await night.untilCanaryHas(6);
  night.killBackend();
  const { code, output } = await night.end();
  expect(code, output).toBe(1);
  const { left, swept } = await aftermath(stateDir);
  expect(left.canaries, 'what was acknowledged is there').toMatchObject([
    { runId: CHAOS_RUN, status: 'running' },
  ]);
  expect(swept).toMatchObject({
    canaries: [{ status: 'stopped', stopReason: 'No sign of life from its traffic for a minute.' }],
    runs: [{ runId: CHAOS_RUN, status: 'finished', verdict: 'failed' }],
    pointers: [],
    moves: [],
  });
  expect(swept.changes.map(({ action }) => action).at(-1)).toBe('stop');
});

test('a runner killed in the canary: its backend ends with it, and the watchdog closes canary and night', async ({
  goOn,
  stateDir,
}) => {
  const night = goOn();
  await night.untilCanaryHas(6);
  await expect(night.competeForLease(), 'no other night gets in between').rejects.toMatchObject({
    code: 'lease_held',
  });
  await night.kill();
  await expect.poll(() => night.canary(), { timeout: 10_000 }).toBeUndefined();
  const { swept } = await aftermath(stateDir);
  expect(swept).toMatchObject({
    canaries: [{ status: 'stopped', stopReason: 'No sign of life from its traffic for a minute.' }],
    runs: [{ runId: CHAOS_RUN, status: 'finished', verdict: 'failed' }],
    moves: [],
  });
});
