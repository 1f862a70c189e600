import type * as z from 'zod';
import type { ChatUser } from '../../fixtures/chatUser.ts';
import { compileEnd } from '../../fixtures/compileEnd.ts';
import { expect, test } from '../../fixtures/deployedTest.ts';
import { DsePages } from '../../fixtures/dsePages.ts';
import { phaseEvent, testEndEvent } from '../../fixtures/opsEvents.ts';
import { ENOUGH, smallDataset } from '../../fixtures/smallDataset.ts';
import { armOf, armOfBucket, bucketOf } from '../../loop/canary/bucket.ts';
import { selectToolId } from '../../loop/catalog/ids.ts';
import { selectTool } from '../../loop/catalog/selectTool.ts';
import { pool } from '../../loop/compile/pool.ts';
import type { SignatureCard } from '../../loop/contract/autopilot.ts';
import type { CanaryView } from '../../loop/contract/canary.ts';
import type { ApiClient } from '../../loop/contract/client.ts';
import type { CompileReport } from '../../loop/contract/compile.ts';
import {
  canaryOutcome,
  canaryStart,
  canaryStatus,
  canaryStop,
  compileStart,
  examplesImport,
  opsRunEvent,
  opsRunFinish,
  opsRunStart,
  promote,
  rollback,
} from '../../loop/contract/endpoint.ts';
import type { OpsEvent, Phase } from '../../loop/contract/opsRun.ts';
import type { Artifact } from '../../loop/contract/params.ts';

// One signature has one pointer and one open canary, so these tests tell one story, on a deployment of their own.
test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'release' });

const signatureId = selectToolId;
const salt = 'a-known-salt';
const percent = 50;
const rows = smallDataset(ENOUGH);
const traffic = rows
  .filter(row => row.split === 'canary')
  .map(({ exampleId, inputJson, expectedJson }) => ({
    exampleId,
    message: selectTool.text?.(inputJson) ?? '',
    tool: selectTool.label?.(expectedJson) ?? '',
  }));
type Said = (typeof traffic)[number];

let report: CompileReport;
let winner: Artifact;

/** The first `count` user names that the salt puts on an arm. */
function usersOn(arm: 'control' | 'canary', prefix: string, count: number, ofSalt = salt): string[] {
  const names = Array.from({ length: 60 * (count + 1) }, (_, i) => `${prefix}-${i}`);
  return names.filter(unit => armOf({ salt: ofSalt, unit, signatureId, percent }) === arm).slice(0, count);
}

/** A row of the canary split, and again from the first after the last. */
const said = (i: number) => traffic[i % traffic.length] as Said;

/** Opens a canary for a run, which is begun if it is not there yet. */
async function open(dse: ApiClient, runId: string, reportId = report.reportId) {
  await dse.call(opsRunStart, { runId });
  return await dse.call(canaryStart, { signatureId, runId, reportId, percent, salt });
}

const stop = (dse: ApiClient, reason = 'The test is over.') => dse.call(canaryStop, { signatureId, reason });
const statusOf = (dse: ApiClient) => dse.call(canaryStatus, { signatureId });

const outcomeOf = (card: SignatureCard, exampleId: string) => ({
  receiptId: card.receiptId,
  requestId: card.requestId,
  armSeen: card.arm,
  exampleId,
});

test('a canary does not start without a report', async ({ dse, unique }) => {
  await expect(open(dse, unique, 'rep_none')).rejects.toMatchObject({
    code: 'gate_report_missing',
    status: 409,
  });
  expect((await statusOf(dse)).canary).toBeNull();
});

test('a canary does not start for a run that nobody began', async ({ dse, unique }) => {
  const refusal = dse.call(canaryStart, { signatureId, runId: unique, reportId: 'rep_none' });
  await expect(refusal).rejects.toMatchObject({ code: 'unknown_run', status: 404 });
  expect((await statusOf(dse)).canary).toBeNull();
});

test('nothing is there to roll back, and nothing to stop', async ({ dse }) => {
  const { active } = await statusOf(dse);
  await expect(
    dse.call(rollback, { signatureId, fromCompiledId: active.compiledId, reason: 'a drill' }),
  ).rejects.toMatchObject({ code: 'nothing_to_roll_back', status: 409 });
  expect(await stop(dse)).toEqual({ canary: null });
  expect((await statusOf(dse)).active).toEqual(active);
});

test('a compile on a small data set finds something better', async ({ dse }) => {
  await dse.call(examplesImport, { signatureId, examples: rows });
  const { job } = await dse.call(compileStart, { signatureId });
  const ended = await compileEnd(dse, job.jobId);
  report = ended.report as CompileReport;
  winner = ended.winner as Artifact;
  expect(report.decision).toBe('improved');
});

test('while a canary is open its run gets it back, and another run is refused by name', async ({
  dse,
  unique,
}) => {
  const first = await open(dse, `${unique}-a`);
  expect(first).toMatchObject({
    created: true,
    canary: {
      status: 'running',
      salt,
      percent,
      controlCompiledId: report.controlCompiledId,
      canaryCompiledId: report.winnerCompiledId,
      verdict: { verdict: 'hold', code: 'no_data' },
    },
  });
  const { canaryId } = first.canary;
  expect(await open(dse, `${unique}-a`)).toMatchObject({ created: false, canary: { canaryId } });
  const refusal = open(dse, `${unique}-b`);
  await expect(refusal).rejects.toMatchObject({ code: 'canary_open', status: 409 });
  await expect(refusal).rejects.toThrow(`Canary ${canaryId} of run ${unique}-a is open`);
  expect((await statusOf(dse)).canary).toMatchObject({ canaryId, runId: `${unique}-a`, status: 'running' });
});

test('a canary that is stopped stays stopped, with its first reason', async ({ dse }) => {
  const { canary: stopped } = await stop(dse, 'enough');
  expect(stopped).toMatchObject({ status: 'stopped', stopReason: 'enough' });
  const again = { signatureId, canaryId: stopped?.canaryId, reason: 'once more' };
  expect((await dse.call(canaryStop, again)).canary).toMatchObject({ stopReason: 'enough' });
});

test('every user is served by the arm of their bucket, and the counts are the receipts', async ({
  dse,
  convex,
  chatUser,
  unique,
}) => {
  const { canary } = await open(dse, unique);
  const users = await Promise.all(Array.from({ length: 10 }, (_, i) => chatUser(`user-${i}`)));
  const cards = await pooled(users, async (user, i) => ({ user, card: await user.ask(said(i).message) }));
  const artifactOf = { control: report.controlCompiledId, canary: report.winnerCompiledId, none: '' };
  for (const { user, card } of cards) {
    const arm = armOfBucket(bucketOf({ salt, unit: user.userId, signatureId }), percent);
    expect(card, user.userId).toMatchObject({ arm, compiledId: artifactOf[arm] });
  }
  const stored = await convex.receiptsByRequest(cards.map(({ card }) => card.requestId));
  const chosen = stored.map(({ receipt }) => receipt).filter(receipt => receipt.signatureId === signatureId);
  expect(chosen.map(receipt => receipt.bucket).sort()).toEqual(
    users.map(({ userId }) => bucketOf({ salt, unit: userId, signatureId })).sort(),
  );
  const { counts, units } = (await statusOf(dse)).canary as CanaryView;
  expect(counts.control.n + counts.canary.n).toBe(10);
  expect(units).toEqual({ control: counts.control.n, canary: counts.canary.n });
  expect(await convex.canaryRecount(canary.canaryId)).toEqual(counts);
});

test('an outcome of a foreign receipt is refused, and nothing of its delivery is counted', async ({
  dse,
  chatUser,
}) => {
  const canary = (await statusOf(dse)).canary as CanaryView;
  const card = await (await chatUser('counted')).ask(said(0).message);
  const before = (await statusOf(dse)).canary?.counts;
  const send = (receiptId: string, exampleId = said(0).exampleId) =>
    dse.call(canaryOutcome, {
      canaryId: canary.canaryId,
      outcomes: [outcomeOf(card, said(0).exampleId), { ...outcomeOf(card, exampleId), receiptId }],
    });
  await expect(send('rcp_of-nobody')).rejects.toMatchObject({ code: 'unknown_receipt', status: 404 });
  const gate = report.gate?.fixed[0]?.afterReceiptId ?? '';
  await expect(send(gate), 'a receipt of the compile').rejects.toMatchObject({ code: 'unknown_receipt' });
  const trainRow = rows[0]?.exampleId ?? '';
  const other = await (await chatUser('other')).ask(said(0).message);
  await expect(send(other.receiptId, trainRow), 'a row that is not of canary').rejects.toMatchObject({
    code: 'not_found',
  });
  const after = (await statusOf(dse)).canary?.counts;
  expect([after?.control.correct, after?.control.wrong, after?.canary.correct, after?.canary.wrong]).toEqual([
    before?.control.correct,
    before?.control.wrong,
    before?.canary.correct,
    before?.canary.wrong,
  ]);
});

test('an outcome reported again is counted once, and judged by the server', async ({ dse, chatUser }) => {
  const { canaryId } = (await statusOf(dse)).canary as CanaryView;
  const card = await (await chatUser('twice')).ask(said(3).message);
  const outcome = outcomeOf(card, said(3).exampleId);
  const first = await dse.call(canaryOutcome, { canaryId, outcomes: [outcome, outcome] });
  expect(first.counted).toBe(1);
  const again = await dse.call(canaryOutcome, { canaryId, outcomes: [outcome] });
  expect(again).toMatchObject({ counted: 0, canary: { counts: first.canary.counts } });
  const expected = said(3).tool;
  const arm = first.canary.counts[card.arm as 'control' | 'canary'];
  expect({ correct: arm.correct, wrong: arm.wrong }).toEqual({
    correct: Number(card.tool === expected),
    wrong: Number(card.tool !== expected),
  });
});

test('a browser that saw another arm than the receipt holds the verdict, and the promotion', async ({
  dse,
  chatUser,
}) => {
  const { canaryId, runId } = (await statusOf(dse)).canary as CanaryView;
  const card = await (await chatUser('mismatch')).ask(said(1).message);
  const armSeen = ({ control: 'canary', canary: 'control', none: 'none' } as const)[card.arm];
  const { canary } = await dse.call(canaryOutcome, {
    canaryId,
    outcomes: [{ ...outcomeOf(card, said(1).exampleId), armSeen }],
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
    expectedControlCompiledId: report.controlCompiledId,
  });
  await expect(refusal).rejects.toMatchObject({ code: 'gate_canary_verdict', status: 409 });
  await expect(refusal).rejects.toThrow(/verdict is hold.*another arm than the browser saw: 1/);
  await stop(dse);
  expect((await statusOf(dse)).active.compiledId).toBe(report.controlCompiledId);
});

test('an artifact that always fails is stopped by the server within five samples, and control serves on', async ({
  dse,
  signInAs,
  unique,
  model,
}) => {
  const { canary } = await open(dse, unique);
  const names = {
    canary: usersOn('canary', `${unique}-x`, 3),
    control: usersOn('control', `${unique}-x`, 2),
  };
  const users = {
    canary: await Promise.all(names.canary.map(signInAs)),
    control: await Promise.all(names.control.map(signInAs)),
  };
  // Only the canary's prompt shows this row.
  await model.set({ kind: 'garbage', match: lastShot(winner) });
  const served: SignatureCard[] = [];
  for (let i = 0; i < 6; i++) served.push(await (users.canary[i % 3] as ChatUser).ask(said(i).message));
  for (const user of users.control) served.push(await user.ask(said(0).message));

  const stopped = (await statusOf(dse)).canary as CanaryView;
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
    after.map(() => ['none', report.controlCompiledId, null]),
  );

  await expect(
    dse.call(promote, {
      signatureId,
      runId: unique,
      canaryId: canary.canaryId,
      expectedControlCompiledId: report.controlCompiledId,
    }),
  ).rejects.toMatchObject({ code: 'gate_canary_verdict', message: expect.stringContaining('was stopped') });
  const again = dse.call(canaryStart, { signatureId, runId: unique, reportId: report.reportId });
  await expect(again, 'continuing the same night does not try it again from zero').rejects.toMatchObject({
    code: 'gate_canary_verdict',
  });
});

test('a silent canary is stopped by the watchdog', async ({ dse, unique, clock, watchdog }) => {
  await open(dse, unique);
  await watchdog.sweep();
  expect((await statusOf(dse)).canary?.status).toBe('running');
  clock.advance(60_001);
  await watchdog.sweep();
  expect((await statusOf(dse)).canary).toMatchObject({
    runId: unique,
    status: 'stopped',
    stopReason: 'No sign of life from its traffic for a minute.',
  });
});

test('a new night closes the canary that another left open', async ({ dse, unique }) => {
  await open(dse, `${unique}-dead`);
  await dse.call(opsRunStart, { runId: `${unique}-next`, signatureId });
  expect((await statusOf(dse)).canary).toMatchObject({
    runId: `${unique}-dead`,
    status: 'stopped',
    stopReason: `Left open by run ${unique}-dead.`,
  });
  await dse.call(opsRunFinish, summaryOf(`${unique}-next`));
});

test.describe('a night that promotes', () => {
  const runId = 'night-1';
  let canaryId: string;
  const ask = (dse: ApiClient, changes: { runId?: string; canaryId?: string; control?: string } = {}) =>
    dse.call(promote, {
      signatureId,
      runId: changes.runId ?? runId,
      canaryId: changes.canaryId ?? canaryId,
      expectedControlCompiledId: changes.control ?? report.controlCompiledId,
    });

  test('without traffic it is refused: no data is not safe', async ({ dse }) => {
    await dse.call(opsRunStart, { runId, signatureId });
    ({ canaryId } = (await open(dse, runId)).canary);
    const refusal = ask(dse);
    await expect(refusal).rejects.toMatchObject({ code: 'gate_canary_verdict' });
    await expect(refusal).rejects.toThrow(/verdict is hold\. Control has no data yet; no data is not safe/);
  });

  test('enough good traffic makes the verdict a pass', async ({ dse, signInAs, convex }) => {
    const users = await Promise.all(
      (['control', 'canary'] as const).flatMap(arm => usersOn(arm, 'passing', 6).map(signInAs)),
    );
    const cards = await pooled(
      users.flatMap(user => traffic.slice(0, 10).map((_, i) => ({ user, i }))),
      async ({ user, i }) => outcomeOf(await user.ask(said(i).message), said(i).exampleId),
    );
    const { canary, counted } = await dse.call(canaryOutcome, { canaryId, outcomes: cards });
    expect(counted).toBe(120);
    expect(canary.verdict).toMatchObject({ verdict: 'pass', code: 'not_worse' });
    expect(canary.counts).toMatchObject({ control: { n: 60, failures: 0 }, canary: { n: 60, failures: 0 } });
    expect(await convex.canaryRecount(canaryId)).toEqual(canary.counts);
  });

  test('a canary of another run is refused', async ({ dse }) => {
    await expect(ask(dse, { runId: 'night-2' })).rejects.toMatchObject({
      code: 'unknown_canary',
      status: 404,
    });
  });

  test('without the record of every phase it is refused, naming the phases', async ({ dse }) => {
    await recordPhases(dse, 'preflight', 'seed', 'compile');
    const refusal = ask(dse);
    await expect(refusal).rejects.toMatchObject({ code: 'gate_e2e_failed', status: 409 });
    await expect(refusal).rejects.toThrow(`Run ${runId} has no record of: canary, evidence`);
  });

  test('with a failed test it is refused, naming the test', async ({ dse }) => {
    await recordPhases(dse, 'canary', 'evidence');
    const failed = { testId: 'shaky', title: 'each message has its receipt' };
    await record(dse, testEndEvent({ ...failed, outcome: 'failed' }));
    const refusal = ask(dse);
    await expect(refusal).rejects.toMatchObject({ code: 'gate_e2e_failed' });
    await expect(refusal).rejects.toThrow('these tests failed: each message has its receipt');
    await record(dse, testEndEvent({ ...failed, outcome: 'passed', retry: 1 }));
  });

  test('with another control than the caller believes it is refused', async ({ dse }) => {
    const control = report.winnerCompiledId;
    await expect(ask(dse, { control })).rejects.toMatchObject({ code: 'gate_control_changed', status: 409 });
  });

  test('on another data revision it is refused; back on the old one the report counts again', async ({
    dse,
  }) => {
    const old = rows.slice(0, 1);
    await dse.call(examplesImport, { signatureId, examples: old.map(row => ({ ...row, tags: ['seen'] })) });
    await expect(ask(dse)).rejects.toMatchObject({ code: 'gate_report_stale', status: 409 });
    const back = await dse.call(examplesImport, { signatureId, examples: old });
    expect(back.datasetHash).toBe(report.datasetHash);
  });

  test('none of the refusals has changed anything', async ({ dse, convex }) => {
    const { active, canary } = await statusOf(dse);
    expect(active.compiledId).toBe(report.controlCompiledId);
    expect(canary).toMatchObject({ canaryId, status: 'running' });
    expect(await convex.pointerHistory(signatureId)).toEqual([]);
  });

  test('with every gate passed it is done once, however often and by how many it is asked', async ({
    dse,
    convex,
    chatUser,
  }) => {
    const answers = await Promise.all([ask(dse), ask(dse), ask(dse)]);
    expect(answers.map(answer => answer.changed).sort()).toEqual([false, false, true]);
    expect((await ask(dse)).changed).toBe(false);
    const { active, canary } = await statusOf(dse);
    expect(active.compiledId).toBe(report.winnerCompiledId);
    expect(canary).toMatchObject({ canaryId, status: 'stopped', stopReason: 'Promoted.' });
    expect(await convex.pointerHistory(signatureId)).toMatchObject([
      {
        action: 'promote',
        fromCompiledId: report.controlCompiledId,
        toCompiledId: report.winnerCompiledId,
        actor: `run ${runId}`,
        runId,
      },
    ]);
    const card = await (await chatUser('next-day')).ask('hello');
    expect(card).toMatchObject({ arm: 'none', compiledId: report.winnerCompiledId });
  });

  test('the report is of the old control now, and starts no canary', async ({ dse }) => {
    await expect(open(dse, 'night-2')).rejects.toMatchObject({ code: 'gate_control_changed' });
  });

  test('a compile against the new artifact keeps it, and a kept report starts no canary', async ({ dse }) => {
    const { job } = await dse.call(compileStart, { signatureId });
    const { report: kept } = await compileEnd(dse, job.jobId);
    expect(kept).toMatchObject({
      decision: 'kept',
      controlCompiledId: report.winnerCompiledId,
      winnerCompiledId: report.winnerCompiledId,
      gate: null,
    });
    await expect(open(dse, 'night-2', kept?.reportId)).rejects.toMatchObject({
      code: 'gate_paired_test',
      status: 409,
    });
  });

  test('a rollback goes back once, whoever repeats it, and stands in the history with its reason', async ({
    dse,
    convex,
    chatUser,
  }) => {
    const back = { signatureId, runId, fromCompiledId: report.winnerCompiledId, reason: 'users complained' };
    const answers = await Promise.all([dse.call(rollback, back), dse.call(rollback, back)]);
    expect(answers.map(answer => answer.changed).sort()).toEqual([false, true]);
    expect((await dse.call(rollback, back)).changed).toBe(false);
    expect((await statusOf(dse)).active.compiledId).toBe(report.controlCompiledId);
    expect(await convex.pointerHistory(signatureId)).toMatchObject([
      {
        action: 'rollback',
        fromCompiledId: report.winnerCompiledId,
        toCompiledId: report.controlCompiledId,
        reason: 'users complained',
      },
      { action: 'promote' },
    ]);
    const card = await (await chatUser('after-rollback')).ask('hello');
    expect(card.compiledId).toBe(report.controlCompiledId);
  });

  async function recordPhases(dse: ApiClient, ...phases: Phase[]): Promise<void> {
    await dse.call(opsRunEvent, { runId, events: phases.map(phaseEvent) });
  }

  async function record(dse: ApiClient, event: ReturnType<typeof testEndEvent>): Promise<void> {
    await dse.call(opsRunEvent, { runId, events: [event] });
  }
});

test.describe('the pages of that night', () => {
  const address = '/dse/ops/night-1';

  test('tell its story: the verdict, the gain, the prompt, the flips, the canary, the tests', async ({
    page,
    dse,
    viewerLink,
    trouble,
  }) => {
    await dse.call(opsRunEvent, { runId: 'night-1', events: [compilePhase()] });
    await dse.call(opsRunFinish, summaryOf('night-1'));
    await page.goto(viewerLink);
    await page.getByRole('heading', { level: 2 }).locator(`a[href="${address}"]`).click();
    await expect(page).toHaveURL(address);
    const { gate } = report;
    const main = page.getByRole('main');
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/rolled back/i);
    await expect(main).toContainText('users complained');
    await expect(main).toContainText(`${((gate?.before ?? 0) * 100).toFixed(1)} %`);
    await expect(main).toContainText(`${((gate?.after ?? 0) * 100).toFixed(1)} %`);
    await expect(main).toContainText(lastShot(winner));
    await expect(main).toContainText('each message has its receipt');
    await expect(main).toContainText(`The search never saw these ${ENOUGH.holdout} examples`);
    expect(trouble.seen).toEqual([]);
  });

  test('and every page it leads to has only links that work, no trouble, and fits a narrow screen', async ({
    page,
    chatUser,
    viewerLink,
    trouble,
  }) => {
    test.slow();
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(viewerLink);
    const pages = new DsePages(page);
    const addresses = await pages.oneOfEachKind(address);
    expect(addresses.map(path => path.split('/').slice(0, 3).join('/')).sort()).toEqual([
      '/dse',
      '/dse/artifact',
      '/dse/compile-report',
      '/dse/ops',
      '/dse/receipt',
      '/dse/request',
      '/dse/signature',
    ]);
    const { requestId } = await (await chatUser('read-about')).ask('hello');
    await page.goto(`/dse/request/${requestId}`);
    const chatReceipts = (await pages.links()).filter(url => url.includes('/dse/receipt/'));
    expect(chatReceipts, 'one of the choice, one of the answer').toHaveLength(2);
    const links = new Set<string>();
    for (const path of [...addresses, ...chatReceipts]) {
      expect.soft((await page.goto(path))?.status(), path).toBe(200);
      await expect.soft(page.getByRole('heading', { level: 1 }), path).toHaveCount(1);
      expect.soft(await pages.overflow(), `${path} scrolls sideways`).toBe(0);
      expect.soft(await pages.brokenFragments(), path).toEqual([]);
      for (const link of await pages.links()) links.add(link);
    }
    const statuses = await pooled(
      [...links],
      async url => [url, (await page.request.get(url)).status()] as const,
    );
    expect(statuses.filter(([, status]) => status !== 200)).toEqual([]);
    expect(trouble.seen).toEqual([]);
  });

  test('can be read without JavaScript, and as JSON', async ({
    app,
    browser,
    viewerLink,
    request,
    credentials,
  }) => {
    const context = await browser.newContext({ baseURL: app.siteUrl, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(viewerLink);
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/rolled back/i);
    await expect(page.getByRole('main')).toContainText(lastShot(winner));
    await context.close();
    const json = await request.get(`${address}?format=json`, {
      headers: { authorization: `Bearer ${credentials.admin}` },
    });
    expect(await json.json()).toMatchObject({ night: { runId: 'night-1', verdict: 'rolled_back' } });
  });

  test('have no control that changes anything', async ({ page, viewerLink }) => {
    await page.goto(viewerLink);
    await page.goto(address);
    await expect(page.locator('form, button, input, select, textarea')).toHaveCount(0);
  });
});

/** The end of a run whose one test passed. */
function summaryOf(runId: string): z.input<typeof opsRunFinish.request> {
  const counts = { passed: 1, failed: 0, flaky: 0, skipped: 0, did_not_run: 0, interrupted: 0 };
  return { runId, counts, failingTests: [], durationMs: 60_000, status: 'passed' };
}

/** What the compile phase puts on record. */
function compilePhase(): OpsEvent {
  const { reportId, jobId, decision, progress } = report;
  const { candidates, modelCalls, cachedCalls, tokens } = progress;
  const data = { jobId, reportId, decision, candidates, modelCalls, cachedCalls, tokens };
  return { ...phaseEvent('compile'), eventId: 'phase-compile-with-facts', data } as OpsEvent;
}

/** Results of a few calls at a time, in the order of the items. */
async function pooled<Item, Result>(
  items: readonly Item[],
  work: (item: Item, i: number) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  await pool([...items.entries()], 6, async ([i, item]) => {
    results[i] = await work(item, i);
  });
  return results;
}

/** Words that stand in an artifact's prompt and in no other. */
function lastShot(artifact: Artifact): string {
  const [shot] = artifact.params.fewShots.slice(-1);
  return selectTool.text?.(shot?.input ?? null) ?? '';
}
