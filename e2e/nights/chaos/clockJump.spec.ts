import { pathToFileURL } from 'node:url';
import { aftermath } from '../../../fixtures/chaos/aftermath.ts';
import { expect, test } from '../../../fixtures/chaos/chaosTest.ts';
import { CHAOS_RUN } from '../../../fixtures/chaos/compiledNight.ts';

test('a clock that jumps ten minutes ahead makes nobody look dead who lives: the night goes on to its promotion', async ({
  goOn,
  stateDir,
}) => {
  const night = goOn({
    NODE_OPTIONS: `--import ${pathToFileURL('fixtures/chaos/clockJump.mjs').href}`,
    OVERNIGHT_TEST_JUMP_MS: '600000',
  });
  await night.untilCanaryHas(6);
  night.jumpClock();
  const { code, result, output } = await night.end();
  expect(result, output).toMatchObject({ verdict: 'promoted', runId: CHAOS_RUN });
  expect(code).toBe(0);
  const { left } = await aftermath(stateDir);
  const [canary] = left.canaries;
  expect((canary?.heartbeatAt ?? 0) - (canary?.startedAt ?? 0), 'the clock did jump').toBeGreaterThan(
    600_000,
  );
  expect(left.moves).toMatchObject([{ action: 'promote' }]);
});
