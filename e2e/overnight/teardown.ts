import { expect, nightTeardown as test } from '../../fixtures/test.ts';
import { canaryStatus, canaryStop } from '../../loop/contract/endpoint.ts';

test('no canary of this night stays open', async ({ dse, opsRun }) => {
  const { signatureId, runId } = opsRun;
  const { canary } = await dse.call(canaryStatus, { signatureId });
  const ours = canary?.runId === runId ? canary : null;
  if (ours?.status === 'running')
    await dse.call(canaryStop, {
      signatureId,
      canaryId: ours.canaryId,
      reason: 'The night ended without promoting it.',
    });
  expect((await dse.call(canaryStatus, { signatureId })).canary?.status ?? 'stopped').toBe('stopped');
});
