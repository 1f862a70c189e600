import { soak } from '../../fixtures/soak.ts';
import { expect, test } from '../../fixtures/test.ts';

test.describe.configure({ mode: 'serial' });

test('live traffic on the new artifact stays healthy, or the server rolls it back', { tag: '@soak' }, async ({
  dse,
  convex,
  opsRun,
  traffic,
  promoted,
}) => {
  const { soak: watched, sent } = await soak({ dse, convex, opsRun, traffic }, promoted);
  await opsRun.record('soak', `Soak ${watched.outcome ?? 'open'}. ${watched.reason}`, {
    outcome: watched.outcome,
    served: watched.served,
    planned: watched.planned,
    messages: sent.length,
  });
  expect(watched.outcome, watched.reason).toBe('healthy');
});
