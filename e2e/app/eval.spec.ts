import { accessibilityViolations } from '../../fixtures/axe.ts';
import { readDataset } from '../../fixtures/datasetFile.ts';
import { expect, test } from '../../fixtures/deployedTest.ts';
import { DsePages } from '../../fixtures/dsePages.ts';
import { evalEnd } from '../../fixtures/evalEnd.ts';
import { modelRequests } from '../../fixtures/modelRequests.ts';
import { smallDataset } from '../../fixtures/smallDataset.ts';
import { recapThreadId, respondId, selectToolId } from '../../loop/catalog/ids.ts';
import {
  evalCancel,
  evalGet,
  evalStart,
  examplesImport,
  opsRunStart,
  receiptGet,
  receiptsList,
} from '../../loop/contract/endpoint.ts';
import { LEAST_TOLD_APART } from '../../loop/reward/agreement.ts';
import { threadSummaryJudge } from '../../loop/reward/judgedSummary.ts';

// One deployment whose data stays as the first tests left it: the later ones evaluate on it.
test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'eval' });

const signatureId = selectToolId;
const judgeId = threadSummaryJudge.signature.id;
const DAY_MS = 24 * 60 * 60_000;

test('without rows an evaluation is refused with no_dataset', async ({ dse }) => {
  const refusal = dse.call(evalStart, { signatureId, split: 'dev' });
  await expect(refusal).rejects.toMatchObject({ code: 'no_dataset', status: 409 });
  await expect(refusal).rejects.toThrow(/POST \/api\/dse\/examples\/import/);
});

test('today’s artifact is evaluated on dev: 202, then a report with a score, every row and its receipt', async ({
  dse,
  unique,
  request,
  credentials,
}) => {
  await dse.call(examplesImport, {
    signatureId,
    examples: smallDataset({ train: 20, dev: 40, holdout: 20, canary: 60 }),
  });
  await dse.call(opsRunStart, { runId: unique });
  const answer = await request.post('/api/dse/eval', {
    headers: { authorization: `Bearer ${credentials.admin}` },
    data: { signatureId, split: 'dev', runId: unique },
  });
  expect(answer.status()).toBe(202);
  const { eval: started } = await answer.json();
  const { eval: ended, report } = await evalEnd(dse, started.evalId);
  expect(ended).toMatchObject({ status: 'done', split: 'dev', progress: { rows: 40, modelCalls: 40 } });
  expect(report).toMatchObject({ reward: 'exact_json_match.v1', kind: 'exact', judge: null, errors: 0 });
  expect(report?.score).toMatchObject({ n: 40 });
  const right = report?.rows.filter(row => row.score === 1).length ?? 0;
  expect(report?.score.mean).toBeCloseTo(right / 40, 10);
  expect(report?.perLabel.map(({ n }) => n).reduce((sum, n) => sum + n, 0)).toBe(40);
  expect(report?.rows).toHaveLength(40);
  expect(report?.rows[0]?.score, 'wrong ones come first').toBe(0);
  const { receipt } = await dse.call(receiptGet, { receiptId: report?.rows[0]?.receiptId ?? '' });
  expect(receipt).toMatchObject({ purpose: 'eval', opsRunId: unique, compiledId: report?.compiledId });
});

test('the same evaluation again is the same one and makes no call', async ({ dse, app }) => {
  const first = await dse.call(evalStart, { signatureId, split: 'dev' });
  const calls = await modelRequests(app.modelUrl);
  const again = await dse.call(evalStart, { signatureId, split: 'dev', artifact: 'default' });
  expect(again, 'nothing was promoted, so the default is what is active').toMatchObject({
    created: false,
    eval: { evalId: first.eval.evalId, status: 'done' },
  });
  const byId = await dse.call(evalStart, { signatureId, split: 'dev', artifact: first.eval.compiledId });
  expect(byId.eval.evalId).toBe(first.eval.evalId);
  expect(await modelRequests(app.modelUrl)).toBe(calls);
});

test('the holdout is sealed, and other bad requests are refused by name', async ({ dse, app }) => {
  const calls = await modelRequests(app.modelUrl);
  const refused = (request: Parameters<typeof dse.call<typeof evalStart>>[1], code: string, says: RegExp) =>
    Promise.all([
      expect(dse.call(evalStart, request)).rejects.toMatchObject({ code }),
      expect(dse.call(evalStart, request)).rejects.toThrow(says),
    ]);
  const unknown = `sha256:${'0'.repeat(64)}`;
  await refused({ signatureId, split: 'holdout' }, 'holdout_sealed', /only the gate of a compile opens it/);
  await refused({ signatureId, split: 'dev', artifact: unknown }, 'unknown_artifact', /sha256:000/);
  await refused({ signatureId, split: 'anchors' }, 'bad_request', /is no judge/);
  await refused({ signatureId: judgeId, split: 'dev' }, 'bad_request', /evaluate it on `anchors`/);
  await refused({ signatureId: judgeId, split: 'anchors', artifact: 'default' }, 'bad_request', /pinned/);
  await refused({ signatureId: respondId, split: 'dev' }, 'bad_request', /names no reward/);
  await refused({ signatureId: '@x/Y.v1', split: 'dev' }, 'unknown_signature', /@x\/Y\.v1/);
  await expect(dse.call(evalGet, { evalId: 'evl_none' })).rejects.toMatchObject({ code: 'unknown_eval' });
  expect(await modelRequests(app.modelUrl)).toBe(calls);
});

test('cancelled, an evaluation stops; started again it pays only for what is left', async ({
  dse,
  app,
  model,
}) => {
  await model.set({ kind: 'latency', ms: 600 });
  const asked = () => modelRequests(app.modelUrl);
  const before = await asked();
  const { eval: started } = await dse.call(evalStart, { signatureId, split: 'canary' });
  // Sixteen or more are asked at a time: when the third ones are under way, the first ones are in the ledger.
  await expect.poll(asked, { intervals: [50] }).toBeGreaterThan(before + 36);
  const { eval: cancelled } = await dse.call(evalCancel, { evalId: started.evalId });
  expect(cancelled.status).toBe('cancelled');
  await model.set();
  // The step learns of the cancel from its next write, and asks until then.
  const counts: number[] = [];
  const settled = () => counts.at(-1) === counts.at(-2);
  await expect
    .poll(async () => counts.push(await asked()) > 0 && settled(), { intervals: [2_000] })
    .toBe(true);
  const askedBefore = await asked();

  await dse.call(evalStart, { signatureId, split: 'canary' });
  const ended = await evalEnd(dse, started.evalId);
  expect(ended.eval.status).toBe('done');
  expect(ended.report?.score.n).toBe(60);
  expect((await asked()) - askedBefore, 'what was in the ledger is not asked again').toBeLessThanOrEqual(
    60 - 16,
  );
});

test('a judge is measured on its anchors: once a day, each measurement with its date, and it tells faults from good', async ({
  dse,
  app,
  clock,
}) => {
  const examples = readDataset('fixtures/datasets/threadsummaryquality.v1.jsonl');
  await dse.call(examplesImport, { signatureId: judgeId, examples });
  const { eval: first } = await dse.call(evalStart, { signatureId: judgeId, split: 'anchors' });
  const { eval: measured, report } = await evalEnd(dse, first.evalId);
  expect(report).toMatchObject({ reward: 'close_score.v1', model: 'overnight-offline-judge-1', errors: 0 });
  const faults = report?.anchors?.agreement.byTag.filter(({ toldApart }) => toldApart !== null) ?? [];
  expect(faults.map(({ tag }) => tag)).toEqual(['missing', 'unsupported', 'verbose']);
  for (const { tag, toldApart } of faults) expect(toldApart?.value, tag).toBeGreaterThan(LEAST_TOLD_APART);

  const calls = await modelRequests(app.modelUrl);
  const sameDay = await dse.call(evalStart, { signatureId: judgeId, split: 'anchors' });
  expect(sameDay).toMatchObject({ created: false, eval: { evalId: first.evalId } });
  expect(await modelRequests(app.modelUrl)).toBe(calls);

  clock.advance(DAY_MS);
  const nextDay = await dse.call(evalStart, { signatureId: judgeId, split: 'anchors' });
  expect(nextDay.created).toBe(true);
  const second = await evalEnd(dse, nextDay.eval.evalId);
  expect(await modelRequests(app.modelUrl), 'the judge is asked anew').toBe(calls + examples.length);
  expect(second.eval.finishedAt).toBeGreaterThan((measured.finishedAt ?? 0) + DAY_MS - 60_000);
  expect(second.report?.anchors?.scores).toEqual(report?.anchors?.scores);
});

test('summaries are graded by the pinned judge, whose predicts leave receipts of their own', async ({
  dse,
}) => {
  const thread = ['Ann: The ferry leaves on 4 July at 6:40.', 'Ben: Good. I bring the tent, you the stove.'];
  const row = (id: string, question: string, summary: string) => ({
    exampleId: id,
    inputJson: { question, thread },
    expectedJson: { summary },
    split: 'dev' as const,
  });
  await dse.call(examplesImport, {
    signatureId: recapThreadId,
    examples: [
      row('ferry', 'When does the ferry leave?', 'The ferry leaves on 4 July at 6:40.'),
      row('gear', 'Who brings the tent?', 'Ben brings the tent.'),
    ],
  });
  const { eval: started } = await dse.call(evalStart, { signatureId: recapThreadId, split: 'dev' });
  const { report } = await evalEnd(dse, started.evalId);
  expect(report).toMatchObject({ reward: 'judged_summary.v1', kind: 'graded', errors: 0, score: { n: 2 } });
  expect(report?.judge?.model).toBe('overnight-offline-judge-1');
  expect(report?.score.mean).toBeGreaterThan(0);
  expect(report?.rows.every(({ notes }) => notes !== null)).toBe(true);
  const { receipts } = await dse.call(receiptsList, { requestId: `${started.evalId}-ferry` });
  expect(receipts.map(receipt => [receipt.signatureId, receipt.purpose]).sort()).toEqual([
    [recapThreadId, 'eval'],
    [judgeId, 'eval'],
  ]);
});

test('an evaluation has a page, linked from its signature, that everybody can read', async ({
  page,
  viewerLink,
  trouble,
}) => {
  await page.goto(viewerLink);
  for (const [id, heading] of [
    [signatureId, /SelectTool answers \d+ of \d+ \w+ examples right/],
    [judgeId, /ThreadSummaryQuality measured on 72 anchors/],
  ] as const) {
    await page.goto(`/dse/signature/${id}`);
    await page.locator('#evals').getByRole('link', { name: /^evl_/ }).first().click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(heading);
    await expect(page.locator('#rows').getByRole('row')).not.toHaveCount(0);
    expect(await new DsePages(page).overflow()).toBe(0);
    expect(await accessibilityViolations(page)).toEqual([]);
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await new DsePages(page).overflow(), 'on a phone').toBeLessThanOrEqual(0);
    await page.setViewportSize({ width: 1280, height: 720 });
  }
  await expect(page.getByText('The judge tells good anchors from every kind of faulty ones')).toBeVisible();
  const json = await page.request.get(`${page.url()}?format=json`);
  expect((await json.json()).report.anchors.agreement.n).toBe(72);
  expect((await page.goto('/dse/eval-report/evl_none'))?.status()).toBe(404);
  expect(trouble.seen.filter(line => !line.includes('404'))).toEqual([]);
});

test('the page of a judge, and of what it grades, tells whether it may decide; that of any other has no judge', async ({
  page,
  viewerLink,
}) => {
  await page.goto(viewerLink);
  for (const id of [judgeId, recapThreadId]) {
    await page.goto(`/dse/signature/${id}`);
    await expect(page.locator('#judge')).toContainText('may decide');
    await expect(page.locator('#judge')).toContainText('moved by at most 0.0 points');
    await expect(page.locator('#judge').getByRole('link', { name: /^evl_/ }), 'one of each day').toHaveCount(
      2,
    );
    await expect(page.locator('#agreement').getByRole('row')).toHaveCount(1 + 4);
    expect(await accessibilityViolations(page)).toEqual([]);
  }
  await page.goto(`/dse/signature/${signatureId}`);
  await expect(page.locator('#moves')).toBeVisible();
  await expect(page.locator('#judge')).toHaveCount(0);
});

test('without a model an evaluation fails, with no report; started again it asks again', async ({
  dse,
  model,
}) => {
  await model.set({ kind: 'error' });
  const { eval: started } = await dse.call(evalStart, { signatureId, split: 'train' });
  const failed = await evalEnd(dse, started.evalId);
  expect(failed.eval).toMatchObject({ status: 'failed', error: { code: 'model_failed' } });
  expect(failed.report).toBeNull();
  const again = await dse.call(evalStart, { signatureId, split: 'train' });
  expect(again).toMatchObject({ created: false, eval: { evalId: started.evalId, status: 'running' } });
});
