import { expect, nightTeardown as test } from '../../fixtures/test.ts';
import { canaryStatus, canaryStop } from '../../loop/contract/endpoint.ts';

test('no canary of this night stays open', async ({ dse, opsRun }) => {
  const { signatureId, runId } = opsRun;
  const ours = async () => {
    const { canary } = await dse.call(canaryStatus, { signatureId });
    return canary?.runId === runId ? canary : null;
  };
  const left = await ours();
  if (left?.status === 'running')
    await dse.call(canaryStop, {
      signatureId,
      canaryId: left.canaryId,
      reason: 'The night ended without promoting it.',
    });
  expect((await ours())?.status ?? 'stopped').toBe('stopped');
});
