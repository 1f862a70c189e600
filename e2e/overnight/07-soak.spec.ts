import { soak } from '../../fixtures/soak.ts';
import { expect, test } from '../../fixtures/test.ts';

test.describe.configure({ mode: 'serial' });

test('live traffic on the new artifact stays healthy, or it is rolled back', { tag: '@soak' }, async ({
  dse,
  convex,
  opsRun,
  traffic,
  promoted,
}) => {
  const { verdict, sent } = await soak({ dse, convex, opsRun, traffic }, promoted, {
    users: 6,
    messagesPerUser: 6,
  });
  await opsRun.record('soak', verdict.reason, { ...verdict, messages: sent.length });
  expect(verdict.healthy, verdict.reason).toBe(true);
});
