import { aftermath } from '../../../fixtures/chaos/aftermath.ts';
import { expect, test } from '../../../fixtures/chaos/chaosTest.ts';
import { CHAOS_RUN } from '../../../fixtures/chaos/compiledNight.ts';
import { NightProcess } from '../../../fixtures/nightProcess.ts';

test('of two nights at once the second is refused by name, and the first is promoted', async ({
  goOn,
  stateDir,
}) => {
  const night = goOn();
  await night.untilCanaryHas(2);
  const second = await new NightProcess(stateDir, 'second', { args: ['--grep', 'the lease is ours'] }).end();
  expect(second.code).toBe(1);
  expect(second.output).toContain(`Run ${CHAOS_RUN} holds`);
  const { code, result, output } = await night.end();
  expect(result, output).toMatchObject({ verdict: 'promoted', runId: CHAOS_RUN });
  expect(code).toBe(0);
  const { left } = await aftermath(stateDir);
  expect(left).toMatchObject({
    canaries: [{ runId: CHAOS_RUN, status: 'stopped', stopReason: 'Promoted.' }],
    moves: [{ action: 'promote' }],
    soaks: [{ status: 'ended', outcome: 'healthy' }],
  });
});
