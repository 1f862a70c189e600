import { setTimeout } from 'node:timers/promises';
import { aftermath } from '../../../fixtures/chaos/aftermath.ts';
import { expect, test } from '../../../fixtures/chaos/chaosTest.ts';
import { CHAOS_RUN } from '../../../fixtures/chaos/compiledNight.ts';

test('a model that is down for 20 s stops the canary, and the reason does not blame the artifact alone', async ({
  goOn,
  stateDir,
}) => {
  const night = goOn();
  await night.untilCanaryHas(6);
  const faults = night.modelFaults();
  await faults.set({ kind: 'error' });
  await setTimeout(20_000);
  // the night may be over by then, and its model with it
  await faults.set().catch(() => undefined);
  const { code, result, output } = await night.end();
  expect(result, output).toMatchObject({ verdict: 'stopped', runId: CHAOS_RUN });
  expect(result?.reason).toMatch(/Canary failed .* Control failed .* the cause may lie outside the artifact/);
  expect(code).toBe(1);
  const { left } = await aftermath(stateDir);
  expect(left).toMatchObject({
    canaries: [{ status: 'stopped' }],
    runs: [{ runId: CHAOS_RUN, status: 'finished', verdict: 'stopped' }],
    moves: [],
  });
});

test('a model that answers garbage on the canary arm only: the server stops it, and control stays', async ({
  goOn,
  stateDir,
}) => {
  const night = goOn();
  await night.untilCanaryHas(6);
  await night.poisonCanary();
  const { code, result, output } = await night.end();
  expect(result, output).toMatchObject({ verdict: 'stopped', canary: { control: { failures: 0 } } });
  expect(code).toBe(1);
  const { left } = await aftermath(stateDir);
  expect(left).toMatchObject({ canaries: [{ status: 'stopped' }], moves: [], pointers: [] });
  expect(left.changes.at(-1)).toMatchObject({ action: 'stop', actor: 'verdict' });
});
