import { madeReceipt } from '../../fixtures/madeReceipt.ts';
import { passedSummary } from '../../fixtures/opsEvents.ts';
import { test as base, expect } from '../../fixtures/releaseTest.ts';
import { opsRunFinish, opsRunStart, rollback } from '../../loop/contract/endpoint.ts';

// Every test promotes a night's artifact, and leaves its control active again.
base.describe.configure({ mode: 'serial' });
base.use({ deployment: 'soak' });

interface Served {
  /** `good` live answers of the promoted artifact, then `bad` failures. */
  serve: (good: number, bad: number) => Promise<void>;
  /** A fresh night that has promoted. */
  night: string;
}

const test = base.extend<Served>({
  night: async ({ dse, release, unique }, use) => {
    await release.promotedNight(unique);
    await use(unique);
    const { signatureId, report } = release;
    await dse.call(rollback, {
      signatureId,
      fromCompiledId: report.winnerCompiledId,
      reason: 'The test is over.',
    });
    await dse.call(opsRunFinish, passedSummary(unique));
  },
  serve: async ({ functions, release }, use) =>
    use(async (good, bad) => {
      const { signatureId } = release;
      const compiledId = release.report.winnerCompiledId;
      const receipts = Array.from({ length: good + bad }, (_, i) =>
        madeReceipt({
          signatureId,
          compiledId,
          arm: 'none',
          canaryId: null,
          unit: `user-${i}`,
          output: i < good ? { tool: 'none' } : null,
        }),
      );
      await functions.mutation('receipts:record', { receiptJsons: receipts.map(row => JSON.stringify(row)) });
    }),
});

test('a promotion begins a soak, and the planned answers end it as healthy', async ({
  night,
  serve,
  release,
}) => {
  expect((await release.status()).soak).toMatchObject({ runId: night, status: 'open', planned: 36 });
  await serve(35, 0);
  expect((await release.status()).soak).toMatchObject({ status: 'open', served: { n: 35 } });
  await serve(2, 0);
  expect((await release.status()).soak).toMatchObject({
    status: 'ended',
    outcome: 'healthy',
    served: { n: 36 },
  });
});

test('answers that fail roll the artifact back in the transaction that shows it', async ({
  night,
  serve,
  release,
  convex,
  functions,
}) => {
  await serve(4, 4);
  const { active, soak } = await release.status();
  expect(active.compiledId).toBe(release.report.controlCompiledId);
  expect(soak).toMatchObject({
    runId: night,
    outcome: 'rolled_back',
    reason: expect.stringContaining('more than'),
  });
  expect(soak?.served.failures).toBeLessThanOrEqual(4);
  const [move] = await convex.pointerHistory(release.signatureId, 1);
  expect(move).toMatchObject({ action: 'rollback', actor: 'soak', runId: night });
  const changes = await functions.rows<{ action: string }>('dseCanaryHistory');
  expect(changes.slice(-2)).toMatchObject([
    { action: 'soak_start', percent: 100 },
    {
      action: 'soak_end',
      actor: 'soak',
      salt: release.salt,
      reason: expect.stringMatching(/^rolled_back: /),
    },
  ]);
});

test('a soak without traffic ends unconfirmed, whoever ends it, and the artifact stays', async ({
  night,
  release,
  clock,
  watchdog,
}) => {
  await watchdog.sweep();
  expect((await release.status()).soak?.status).toBe('open');
  clock.advance(600_001);
  await watchdog.sweep();
  const { active, soak } = await release.status();
  expect(active.compiledId).toBe(release.report.winnerCompiledId);
  expect(soak).toMatchObject({
    runId: night,
    outcome: 'unconfirmed',
    reason: 'Only 0 of 36 planned answers were watched, 0 failed. Its time is up.',
  });
});

test('the end of the night, and the next night, end an open soak too', async ({
  night,
  dse,
  release,
  unique,
}) => {
  const { signatureId } = release;
  const { result } = await dse.call(opsRunFinish, passedSummary(night));
  expect(result).toMatchObject({
    verdict: 'promoted',
    reason: expect.stringContaining('Soak unconfirmed. Only 0 of 36'),
  });
  await dse.call(opsRunStart, { runId: `${unique}-next`, signatureId });
  expect((await release.status()).soak).toMatchObject({ outcome: 'unconfirmed' });
  await dse.call(opsRunFinish, passedSummary(`${unique}-next`));
});

test('a rollback by hand ends the soak, and failures of the artifact before count for nothing', async ({
  night,
  dse,
  serve,
  release,
  convex,
}) => {
  const { signatureId, report } = release;
  const back = {
    signatureId,
    runId: night,
    fromCompiledId: report.winnerCompiledId,
    reason: 'users complained',
  };
  expect((await dse.call(rollback, back)).changed).toBe(true);
  expect((await release.status()).soak).toMatchObject({ outcome: 'rolled_back', reason: 'users complained' });
  const moves = await convex.pointerHistory(signatureId, 100);
  await serve(0, 5);
  expect(await convex.pointerHistory(signatureId, 100)).toEqual(moves);
});
