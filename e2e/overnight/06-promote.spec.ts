import { decide } from '../../fixtures/decision.ts';
import { expect, test } from '../../fixtures/test.ts';

test.describe.configure({ mode: 'serial' });

test('the verdict decides: promote on pass, keep on hold, stop on harm', { tag: '@promote' }, async ({
  dse,
  convex,
  opsRun,
  canary,
}) => {
  const decision = await decide(dse, opsRun, canary);
  expect(decision.active.compiledId).toBe(
    decision.promoted ? canary.canaryCompiledId : canary.controlCompiledId,
  );
  const [move] = await convex.pointerHistory(opsRun.signatureId, 1);
  expect(move?.runId === opsRun.runId, 'the history has this promotion, and only a promotion').toBe(
    decision.promoted,
  );
  await opsRun.record('promote', decision.reason, { ...decision });
  expect(canary.verdict.verdict, `control stays: ${decision.reason}`).not.toBe('fail');
});
