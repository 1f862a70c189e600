import { setTimeout } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { aftermath } from '../../fixtures/chaos/aftermath.ts';
import { COMPILED_RUN } from '../../fixtures/chaos/compiledNight.ts';
import { expect, test } from '../../fixtures/chaos/nightTest.ts';

// Faults of a night after its compile, each on a copy of one that has compiled.

test('a backend killed in the canary: the night fails, and the next start leaves nothing open', async ({
  goOn,
  nightDir,
}) => {
  const night = goOn();
  await night.untilCanaryHas(2);
  night.killBackend();
  const { code, output } = await night.end();
  expect(code, output).toBe(1);
  const { left, swept } = await aftermath(nightDir);
  expect(left.canaries, 'what was acknowledged is there').toMatchObject([
    { runId: COMPILED_RUN, status: 'running' },
  ]);
  expect(swept).toMatchObject({
    canaries: [{ status: 'stopped', stopReason: 'No sign of life from its traffic for a minute.' }],
    runs: [{ runId: COMPILED_RUN, status: 'finished', verdict: 'failed' }],
    pointers: [],
    moves: [],
  });
  expect(swept.changes.map(({ action }) => action).at(-1)).toBe('stop');
});

test('a model that is down for 20 s stops the canary, with the counts that stopped it, and control stays', async ({
  goOn,
  nightDir,
}) => {
  const night = goOn();
  await night.untilCanaryHas(6);
  const faults = night.modelFaults();
  await faults.set({ kind: 'error' });
  await setTimeout(20_000);
  // the night may be over by then, and its model with it
  await faults.set().catch(() => undefined);
  const { code, result, output } = await night.end();
  expect(result, output).toMatchObject({ verdict: 'stopped', runId: COMPILED_RUN });
  // Two users talk at a time: whether control has failed as well by then depends on whose turn it was.
  expect(result?.reason).toMatch(/Canary fail(ed|s) .*\d+ of \d+/);
  expect(code).toBe(1);
  const { left } = await aftermath(nightDir);
  expect(left).toMatchObject({
    canaries: [{ status: 'stopped' }],
    runs: [{ runId: COMPILED_RUN, status: 'finished', verdict: 'stopped' }],
    moves: [],
  });
});

test('a model that answers garbage on the canary arm only: the server stops it, and control stays', async ({
  goOn,
  nightDir,
}) => {
  const night = goOn();
  await night.untilCanaryHas(1);
  await night.poisonCanary();
  const { code, result, output } = await night.end();
  expect(result, output).toMatchObject({ verdict: 'stopped', canary: { control: { failures: 0 } } });
  expect(code).toBe(1);
  const { left } = await aftermath(nightDir);
  expect(left).toMatchObject({ canaries: [{ status: 'stopped' }], moves: [], pointers: [] });
  expect(left.changes.at(-1)).toMatchObject({ action: 'stop', actor: 'verdict' });
});

test('a clock that jumps ten minutes ahead makes nobody look dead who lives: the night goes on to its promotion', async ({
  goOn,
  nightDir,
}) => {
  const night = goOn({
    NODE_OPTIONS: `--import ${pathToFileURL('fixtures/chaos/clockJump.mjs').href}`,
    OVERNIGHT_TEST_JUMP_MS: '600000',
  });
  await night.untilCanaryHas(2);
  night.jumpClock();
  const { code, result, output } = await night.end();
  expect(result, output).toMatchObject({ verdict: 'promoted', runId: COMPILED_RUN });
  expect(code).toBe(0);
  const { left } = await aftermath(nightDir);
  const [canary] = left.canaries;
  expect((canary?.heartbeatAt ?? 0) - (canary?.startedAt ?? 0), 'the clock did jump').toBeGreaterThan(
    600_000,
  );
  expect(left.moves).toMatchObject([{ action: 'promote' }]);
});
