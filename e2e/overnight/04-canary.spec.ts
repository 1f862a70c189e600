import { runCanary } from '../../fixtures/canaryTraffic.ts';
import { expect, test } from '../../fixtures/test.ts';

test.describe.configure({ mode: 'serial' });

test('the winner serves a growing share of users in real browsers, and both arms are judged', {
  tag: '@canary',
}, async ({ env, dse, convex, opsRun, traffic, improved }) => {
  const { canary, planned, sent } = await runCanary(
    { dse, convex, opsRun, traffic },
    improved.reportId,
    env.OVERNIGHT_TRAFFIC,
  );
  await opsRun.record('canary', `Verdict ${canary.verdict.verdict}. ${canary.verdict.reasons.join(' ')}`, {
    canaryId: canary.canaryId,
    counts: canary.counts,
    verdict: canary.verdict.verdict,
    requestIds: sent.map(message => message.requestId),
  });
  expect(canary.status, `the canary was stopped: ${canary.stopReason}`).toBe('running');
  expect(canary.step, 'the last step of the ramp has been reached').toBe(canary.ramp.length - 1);
  expect(sent).toHaveLength(planned);
  expect(new Set(sent.map(message => message.arm))).toEqual(new Set(['control', 'canary']));
});
