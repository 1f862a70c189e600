import { runCanary } from '../../fixtures/canaryTraffic.ts';
import { expect, test } from '../../fixtures/test.ts';

test.describe.configure({ mode: 'serial' });

// 156 messages an arm: a gain like the first night’s passes the verdict in 99 of 100 nights.
const USERS = 24;
const MESSAGES_PER_USER = 13;

test('the winner serves half of the users in real browsers, and both arms are judged', {
  tag: '@canary',
}, async ({ dse, convex, opsRun, traffic, improved }) => {
  const { canary, sent } = await runCanary(
    { dse, convex, opsRun, traffic },
    { reportId: improved.reportId, users: USERS, messagesPerUser: MESSAGES_PER_USER },
  );
  await opsRun.record('canary', `Verdict ${canary.verdict.verdict}. ${canary.verdict.reasons.join(' ')}`, {
    canaryId: canary.canaryId,
    counts: canary.counts,
    verdict: canary.verdict.verdict,
    requestIds: sent.map(message => message.requestId),
  });
  expect(canary.status, `the canary was stopped: ${canary.stopReason}`).toBe('running');
  expect(sent).toHaveLength(USERS * MESSAGES_PER_USER);
  expect(new Set(sent.map(message => message.arm))).toEqual(new Set(['control', 'canary']));
});
