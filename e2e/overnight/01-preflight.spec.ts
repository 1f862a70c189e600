import { checkSource, isLocal } from '../../fixtures/localChecks.ts';
import { expect, test } from '../../fixtures/test.ts';

test.describe.configure({ mode: 'serial' });

test('the site answers and its clock agrees with ours', { tag: '@preflight' }, async ({ site }) => {
  expect(await site.clockSkewMs()).toBeLessThan(30_000);
});

test('a wrong admin secret and a missing one are refused', { tag: '@preflight' }, async ({ site }) => {
  expect(await site.adminAnswer('not-the-secret')).toEqual({ status: 401, code: 'unauthorized' });
  expect(await site.adminAnswer(null)).toEqual({ status: 401, code: 'unauthorized' });
});

test('the code type-checks and its unit tests pass', { tag: '@preflight' }, async ({ env }, testInfo) => {
  test.skip(!isLocal(env.BASE_URL), 'the target is not on this machine; its own CI has checked the code');
  await checkSource(testInfo.outputPath('unit'));
});

test('the lease is ours, and a test user gets an answer from the model', { tag: '@preflight' }, async ({
  opsRun,
  convex,
  autopilot,
}) => {
  const run = await opsRun.begin();
  expect(await convex.opsRun(run.runId)).toMatchObject({
    status: 'running',
    signatureId: opsRun.signatureId,
  });
  const answer = await autopilot.send('Good evening, are you there?');
  expect(answer.status).toBe('complete');
  await opsRun.record('preflight', 'Target, credentials, clock, model and lease are fine.', {
    requestId: answer.requestId,
  });
});
