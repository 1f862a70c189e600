import { canaryFactsSchema } from '../../fixtures/canaryFacts.ts';
import { longThread } from '../../fixtures/longThread.ts';
import { expectWholeTrace } from '../../fixtures/recapCanary.ts';
import { expect, test } from '../../fixtures/test.ts';

test.describe.configure({ mode: 'serial' });

test('every message of the canary has its receipt, arm and outcome', { tag: '@evidence' }, async ({
  convex,
  opsRun,
  canary,
}) => {
  const run = await opsRun.begin();
  const { requestIds } = canaryFactsSchema.parse(run.phases.canary?.facts);
  const found = await convex.receiptsByRequest(requestIds);
  const choices = found.filter(({ receipt }) => receipt.signatureId === opsRun.signatureId);
  expect(choices.map(({ receipt }) => receipt.requestId).sort()).toEqual([...requestIds].sort());
  for (const { receipt, outcomeOf } of choices) {
    expect(receipt).toMatchObject({
      canaryId: canary.canaryId,
      opsRunId: opsRun.runId,
      compiledId: receipt.arm === 'canary' ? canary.canaryCompiledId : canary.controlCompiledId,
    });
    expect(outcomeOf, `outcome of ${receipt.receiptId}`).not.toBeNull();
  }
});

test('the canary’s counts are the stored receipts, counted again', { tag: '@evidence' }, async ({
  convex,
  canary,
}) => {
  expect(await convex.canaryRecount(canary.canaryId)).toEqual(canary.counts);
});

test('a recap has a readable trace, whole and in step with its receipt', { tag: '@evidence' }, async ({
  canary: _,
  recapCanary,
  e2eUser,
  opsRun,
}) => {
  const recap = await recapCanary.read(longThread(4_000, []));
  expect(recap.receipt).toMatchObject({ unit: e2eUser.userId, opsRunId: opsRun.runId });
  expect(recap.receipt.budgets.used.subLmCalls, 'it was read part by part').toBeGreaterThan(1);
  await expectWholeTrace(recap);
});

test('a reader of the chat opens the card of an answer and finds its receipt', { tag: '@evidence' }, async ({
  autopilot,
  canary,
  convex,
  opsRun,
  e2eUser,
}) => {
  const answer = await autopilot.send('How do you decide what to write into my Blueprint?');
  expect(['control', 'canary']).toContain(answer.arm);
  await expect(await autopilot.openCard()).toContainText(answer.arm);
  const [found] = await convex.receiptsByRequest([answer.requestId]);
  expect(found?.receipt).toMatchObject({ unit: e2eUser.userId, canaryId: canary.canaryId });
  await opsRun.record('evidence', 'Receipts, arms, request ids and counts agree.', {
    canaryId: canary.canaryId,
  });
});
