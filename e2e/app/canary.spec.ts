import type { ChatUser } from '../../fixtures/chatUser.ts';
import { passedSummary } from '../../fixtures/opsEvents.ts';
import { pooled } from '../../fixtures/pooled.ts';
import { outcomeOf } from '../../fixtures/release.ts';
import { expect, test } from '../../fixtures/releaseTest.ts';
import { armOfBucket, bucketOf } from '../../loop/canary/bucket.ts';
import { selectToolId as signatureId } from '../../loop/catalog/ids.ts';
import type { SignatureCard } from '../../loop/contract/autopilot.ts';
import {
  canaryOutcome,
  canaryStart,
  canaryStop,
  opsRunFinish,
  opsRunStart,
  promote,
  rollback,
} from '../../loop/contract/endpoint.ts';

// One signature has one pointer and one open canary, so these tests tell one story, on a deployment of their own.
test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'canary' });

test('a canary does not start without a report', async ({ unique, release }) => {
  await expect(release.open(unique, { reportId: 'rep_none' })).rejects.toMatchObject({
    code: 'gate_report_missing',
    status: 409,
  });
  expect((await release.status()).canary).toBeNull();
});

test('a canary does not start for a run that nobody began', async ({ dse, unique, release }) => {
  const refusal = dse.call(canaryStart, { signatureId, runId: unique, reportId: 'rep_none' });
  await expect(refusal).rejects.toMatchObject({ code: 'unknown_run', status: 404 });
  expect((await release.status()).canary).toBeNull();
});

test('nothing is there to roll back, and nothing to stop', async ({ dse, release }) => {
  const { active } = await release.status();
  await expect(
    dse.call(rollback, { signatureId, fromCompiledId: active.compiledId, reason: 'a drill' }),
  ).rejects.toMatchObject({ code: 'nothing_to_roll_back', status: 409 });
  expect(await release.stop()).toEqual({ canary: null });
  expect((await release.status()).active).toEqual(active);
});

test('while a canary is open its run gets it back, and another run is refused by name', async ({
  unique,
  release,
}) => {
  const first = await release.open(`${unique}-a`);
  expect(first).toMatchObject({
    created: true,
    canary: {
      status: 'running',
      salt: release.salt,
      percent: 50,
      controlCompiledId: release.report.controlCompiledId,
      canaryCompiledId: release.report.winnerCompiledId,
      verdict: { verdict: 'hold', code: 'no_data' },
    },
  });
  const { canaryId } = first.canary;
  expect(await release.open(`${unique}-a`)).toMatchObject({ created: false, canary: { canaryId } });
  const refusal = release.open(`${unique}-b`);
  await expect(refusal).rejects.toMatchObject({ code: 'canary_open', status: 409 });
  await expect(refusal).rejects.toThrow(`Canary ${canaryId} of run ${unique}-a is open`);
  expect((await release.status()).canary).toMatchObject({
    canaryId,
    runId: `${unique}-a`,
    status: 'running',
  });
});

test('a canary that is stopped stays stopped, with its first reason', async ({ dse, release }) => {
  const { canary: stopped } = await release.stop('enough');
  expect(stopped).toMatchObject({ status: 'stopped', stopReason: 'enough' });
  const again = { signatureId, canaryId: stopped?.canaryId, reason: 'once more' };
  expect((await dse.call(canaryStop, again)).canary).toMatchObject({ stopReason: 'enough' });
});

test('every user is served by the arm of their bucket, and the counts are the receipts', async ({
  convex,
  chatUser,
  unique,
  release,
}) => {
  const { canary } = await release.open(unique);
  const users = await Promise.all(Array.from({ length: 10 }, (_, i) => chatUser(`user-${i}`)));
  const cards = await pooled(users, async (user, i) => ({
    user,
    card: await user.ask(release.said(i).message),
  }));
  const artifactOf = {
    control: release.report.controlCompiledId,
    canary: release.report.winnerCompiledId,
    none: '',
  };
  for (const { user, card } of cards) {
    const arm = armOfBucket(bucketOf({ salt: release.salt, unit: user.userId, signatureId }), 50);
    expect(card, user.userId).toMatchObject({ arm, compiledId: artifactOf[arm] });
  }
  const stored = await convex.receiptsByRequest(cards.map(({ card }) => card.requestId));
  const chosen = stored.map(({ receipt }) => receipt).filter(receipt => receipt.signatureId === signatureId);
  expect(chosen.map(receipt => receipt.bucket).sort()).toEqual(
    users.map(({ userId }) => bucketOf({ salt: release.salt, unit: userId, signatureId })).sort(),
  );
  const { counts, units } = await release.canary();
  expect(counts.control.n + counts.canary.n).toBe(10);
  expect(units).toEqual({ control: counts.control.n, canary: counts.canary.n });
  expect(await convex.canaryRecount(canary.canaryId)).toEqual(counts);
});

test('an outcome of a foreign receipt is refused, and nothing of its delivery is counted', async ({
  dse,
  chatUser,
  release,
}) => {
  const canary = await release.canary();
  const card = await (await chatUser('counted')).ask(release.said(0).message);
  const before = (await release.status()).canary?.counts;
  const send = (receiptId: string, exampleId = release.said(0).exampleId) =>
    dse.call(canaryOutcome, {
      canaryId: canary.canaryId,
      outcomes: [outcomeOf(card, release.said(0).exampleId), { ...outcomeOf(card, exampleId), receiptId }],
    });
  await expect(send('rcp_of-nobody')).rejects.toMatchObject({ code: 'unknown_receipt', status: 404 });
  const gate = release.report.gate?.fixed[0]?.afterReceiptId ?? '';
  await expect(send(gate), 'a receipt of the compile').rejects.toMatchObject({ code: 'unknown_receipt' });
  const trainRow = release.rows[0]?.exampleId ?? '';
  const other = await (await chatUser('other')).ask(release.said(0).message);
  await expect(send(other.receiptId, trainRow), 'a row that is not of canary').rejects.toMatchObject({
    code: 'not_found',
  });
  const after = (await release.status()).canary?.counts;
  expect([after?.control.correct, after?.control.wrong, after?.canary.correct, after?.canary.wrong]).toEqual([
    before?.control.correct,
    before?.control.wrong,
    before?.canary.correct,
    before?.canary.wrong,
  ]);
});

test('an outcome reported again is counted once, and judged by the server', async ({
  dse,
  chatUser,
  release,
}) => {
  const { canaryId } = await release.canary();
  const card = await (await chatUser('twice')).ask(release.said(3).message);
  const outcome = outcomeOf(card, release.said(3).exampleId);
  const first = await dse.call(canaryOutcome, { canaryId, outcomes: [outcome, outcome] });
  expect(first.counted).toBe(1);
  const again = await dse.call(canaryOutcome, { canaryId, outcomes: [outcome] });
  expect(again).toMatchObject({ counted: 0, canary: { counts: first.canary.counts } });
  const expected = release.said(3).tool;
  const arm = first.canary.counts[card.arm as 'control' | 'canary'];
  expect({ correct: arm.correct, wrong: arm.wrong }).toEqual({
    correct: Number(card.tool === expected),
    wrong: Number(card.tool !== expected),
  });
});

test('a browser that saw another arm than the receipt holds the verdict, and the promotion', async ({
  dse,
  chatUser,
  release,
}) => {
  const { canaryId, runId } = await release.canary();
  const card = await (await chatUser('mismatch')).ask(release.said(1).message);
  const armSeen = ({ control: 'canary', canary: 'control', none: 'none' } as const)[card.arm];
  const { canary } = await dse.call(canaryOutcome, {
    canaryId,
    outcomes: [{ ...outcomeOf(card, release.said(1).exampleId), armSeen }],
  });
  expect(canary).toMatchObject({
    status: 'running',
    attestationMismatches: 1,
    verdict: { verdict: 'hold', code: 'attestation_mismatch' },
  });
  const refusal = dse.call(promote, {
    signatureId,
    runId,
    canaryId,
    expectedControlCompiledId: release.report.controlCompiledId,
  });
  await expect(refusal).rejects.toMatchObject({ code: 'gate_canary_verdict', status: 409 });
  await expect(refusal).rejects.toThrow(/verdict is hold.*another arm than the browser saw: 1/);
  await release.stop();
  expect((await release.status()).active.compiledId).toBe(release.report.controlCompiledId);
});

test('an artifact that always fails is stopped by the server within five samples, and control serves on', async ({
  dse,
  signInAs,
  unique,
  model,
  release,
}) => {
  const { canary } = await release.open(unique);
  const names = {
    canary: release.usersOn('canary', `${unique}-x`, 3),
    control: release.usersOn('control', `${unique}-x`, 2),
  };
  const users = {
    canary: await Promise.all(names.canary.map(signInAs)),
    control: await Promise.all(names.control.map(signInAs)),
  };
  // Only the canary's prompt shows this row.
  await model.set({ kind: 'garbage', match: release.lastShot() });
  const served: SignatureCard[] = [];
  for (let i = 0; i < 6; i++)
    served.push(await (users.canary[i % 3] as ChatUser).ask(release.said(i).message));
  for (const user of users.control) served.push(await user.ask(release.said(0).message));

  const stopped = await release.canary();
  expect(stopped).toMatchObject({
    canaryId: canary.canaryId,
    status: 'stopped',
    verdict: { verdict: 'fail', code: 'failure_limit' },
  });
  expect(stopped.counts.canary.n).toBeLessThanOrEqual(5);
  expect(stopped.counts.canary.failures).toBe(stopped.counts.canary.n);
  expect(stopped.stopReason).toContain(
    `Canary failed ${stopped.counts.canary.n} of ${stopped.counts.canary.n}`,
  );
  const failed = served.slice(0, stopped.counts.canary.n);
  const after = served.slice(stopped.counts.canary.n);
  expect(failed.map(card => [card.arm, card.tool])).toEqual(failed.map(() => ['canary', null]));
  expect(after.map(card => [card.arm, card.compiledId, card.error])).toEqual(
    after.map(() => ['none', release.report.controlCompiledId, null]),
  );

  await expect(
    dse.call(promote, {
      signatureId,
      runId: unique,
      canaryId: canary.canaryId,
      expectedControlCompiledId: release.report.controlCompiledId,
    }),
  ).rejects.toMatchObject({ code: 'gate_canary_verdict', message: expect.stringContaining('was stopped') });
  const again = dse.call(canaryStart, { signatureId, runId: unique, reportId: release.report.reportId });
  await expect(again, 'continuing the same night does not try it again from zero').rejects.toMatchObject({
    code: 'gate_canary_verdict',
  });
});

test('a silent canary is stopped by the watchdog', async ({ unique, clock, watchdog, release }) => {
  await release.open(unique);
  await watchdog.sweep();
  expect((await release.status()).canary?.status).toBe('running');
  clock.advance(60_001);
  await watchdog.sweepTwice(clock);
  expect((await release.status()).canary).toMatchObject({
    runId: unique,
    status: 'stopped',
    stopReason: 'No sign of life from its traffic for a minute.',
  });
});

test('a new night closes the canary that another left open', async ({ dse, unique, release }) => {
  await release.open(`${unique}-dead`);
  await dse.call(opsRunStart, { runId: `${unique}-next`, signatureId });
  expect((await release.status()).canary).toMatchObject({
    runId: `${unique}-dead`,
    status: 'stopped',
    stopReason: `Left open by run ${unique}-dead.`,
  });
  await dse.call(opsRunFinish, passedSummary(`${unique}-next`));
});
