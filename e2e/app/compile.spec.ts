import { compileEnd } from '../../fixtures/compileEnd.ts';
import { expect, test } from '../../fixtures/deployedTest.ts';
import { modelRequests } from '../../fixtures/modelRequests.ts';
import { ENOUGH, smallDataset } from '../../fixtures/smallDataset.ts';
import { respondId, selectToolId } from '../../loop/catalog/ids.ts';
import type { CompileReport } from '../../loop/contract/compile.ts';
import {
  canaryStatus,
  compileCancel,
  compileStart,
  examplesImport,
  opsRunStart,
} from '../../loop/contract/endpoint.ts';
import type { Example } from '../../loop/contract/example.ts';
import { compiledIdOf } from '../../loop/signature.ts';

// One deployment whose data set grows from test to test: a compile is of the signature's whole data.
test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'compile' });

const signatureId = selectToolId;
const rows = smallDataset(ENOUGH);
const split = (name: Example['split']) => rows.filter(row => row.split === name);
// The least that a compile takes, for what needs no gain.
const tiny = [
  ...split('train').slice(0, 15).map(withWords('tiny')),
  ...split('dev').slice(0, 5).map(withWords('tiny')),
  ...split('holdout').slice(0, 10).map(withWords('tiny')),
];

/** The report of the first whole compile. */
let report: CompileReport;
let jobId: string;

test('without data a compile is refused with no_dataset', async ({ dse }) => {
  const refusal = dse.call(compileStart, { signatureId });
  await expect(refusal).rejects.toMatchObject({ code: 'no_dataset', status: 409 });
  await expect(refusal).rejects.toThrow(/Import a data set first: POST \/api\/dse\/examples\/import/);
});

test('a signature that cannot be compiled is refused', async ({ dse }) => {
  await expect(dse.call(compileStart, { signatureId: respondId })).rejects.toMatchObject({
    code: 'bad_request',
    message: expect.stringContaining('has no search space'),
  });
});

test('without enough holdout a compile is refused, and names what there is', async ({ dse }) => {
  await dse.call(examplesImport, { signatureId, examples: tiny.slice(0, 20) });
  const none = dse.call(compileStart, { signatureId });
  await expect(none).rejects.toMatchObject({ code: 'holdout_too_small', status: 409 });
  await dse.call(examplesImport, { signatureId, examples: tiny.slice(0, 29) });
  const nine = dse.call(compileStart, { signatureId });
  await expect(nine).rejects.toMatchObject({ code: 'holdout_too_small' });
  await expect(nine).rejects.toThrow(
    'A compile needs at least 10 holdout rows, 200 are advised; the data set has train 15, dev 5, holdout 9, canary 0',
  );
});

test('a compile whose model is down ends without a winner; with the model back it starts over, and bad answers count as wrong', async ({
  dse,
  model,
}) => {
  const examples = [...tiny.slice(0, 3).map(withWords('poison')), ...tiny.slice(3)];
  await dse.call(examplesImport, { signatureId, examples });
  await model.set({ kind: 'error' });
  const { job } = await dse.call(compileStart, { signatureId });
  const down = await compileEnd(dse, job.jobId);
  expect(down).toMatchObject({
    job: { status: 'failed', error: { code: 'model_failed' }, reportId: null },
    report: null,
    winner: null,
  });
  expect(down.job.error?.message).toBe(
    'The model gave no answer to 15 of 15 examples (model_error), so nothing can be said of the prompt. Start again when it answers.',
  );

  await model.set({ kind: 'garbage', match: 'poison' });
  const again = await dse.call(compileStart, { signatureId });
  expect(again).toMatchObject({ created: false, job: { jobId: job.jobId, status: 'running' } });
  const { report: late } = await compileEnd(dse, job.jobId);
  const [control, ...others] = late?.candidates ?? [];
  expect(control, 'the outage is forgotten, the bad answers are not').toMatchObject({ errors: 3 });
  const poisoned = examples.slice(0, 3).map(row => row.exampleId);
  // An edit of the proposer is tested on half of the rows.
  const onAllRows = others.filter(({ origin }) => !origin.startsWith('reflective'));
  expect(onAllRows.length).toBeGreaterThan(0);
  for (const { errors, origin, fewShots } of onAllRows) {
    // A row that is shown as a few-shot is not asked.
    const asked = poisoned.filter(exampleId => !fewShots.includes(exampleId));
    expect(errors, origin).toBeGreaterThanOrEqual(asked.length);
  }
});

test('two starts at once give one job, which runs to a report', async ({ dse, app }) => {
  await dse.call(examplesImport, { signatureId, examples: rows });
  const starts = await Promise.all([
    dse.call(compileStart, { signatureId }),
    dse.call(compileStart, { signatureId }),
  ]);
  expect(starts.map(start => start.created).sort()).toEqual([false, true]);
  expect(new Set(starts.map(start => start.job.jobId)).size).toBe(1);
  jobId = starts[0].job.jobId;

  const before = await modelRequests(app.modelUrl);
  const ended = await compileEnd(dse, jobId);
  expect(ended.job).toMatchObject({ status: 'done', error: null });
  report = ended.report as CompileReport;
  expect(ended.winner && compiledIdOf(ended.winner)).toBe(report.winnerCompiledId);
  const asked = (await modelRequests(app.modelUrl)) - before;
  expect(asked, 'the work was done once').toBeLessThanOrEqual(report.progress.modelCalls);
});

test('the control is a candidate, one candidate wins, and every other has a reason', () => {
  const { candidates, controlCompiledId, winnerCompiledId } = report;
  expect(candidates.map(candidate => candidate.compiledId)).toContain(controlCompiledId);
  expect(
    candidates.filter(({ verdict }) => verdict === 'winner').map(({ compiledId }) => compiledId),
  ).toEqual([winnerCompiledId]);
  expect(new Set(candidates.map(candidate => candidate.compiledId)).size).toBe(candidates.length);
  for (const { why, origin } of candidates) expect(why, origin).not.toBe('');
});

test('this data shows a gain, and the holdout was opened once for it', () => {
  expect(report).toMatchObject({
    decision: 'improved',
    gate: { passed: true, opening: 1, n: ENOUGH.holdout },
  });
  expect(report.splits).toEqual({ train: ENOUGH.train, dev: ENOUGH.dev, holdout: ENOUGH.holdout });
  const { before = 0, after = 0, fixed = [], broken = [], gain } = report.gate ?? {};
  expect(gain).toBeCloseTo(after - before);
  expect(fixed.length - broken.length).toBe(Math.round((after - before) * ENOUGH.holdout));
});

test('nothing of the holdout or of canary rows stands in the prompt', () => {
  const sealed = new Set(
    [...split('holdout'), ...split('canary'), ...split('dev')].map(row => row.exampleId),
  );
  const shown = report.candidates.flatMap(candidate => candidate.fewShots);
  expect(shown.filter(exampleId => sealed.has(exampleId))).toEqual([]);
});

test('every flip has both receipts, and they can be read', async ({ request, credentials }) => {
  const flips = [...(report.gate?.fixed ?? []), ...(report.gate?.broken ?? [])];
  expect(flips.length).toBeGreaterThan(0);
  for (const receiptId of flips.flatMap(flip => [flip.beforeReceiptId, flip.afterReceiptId])) {
    const answer = await request.get(`/api/dse/receipt/${receiptId}`, {
      headers: { authorization: `Bearer ${credentials.viewer}` },
    });
    expect.soft(answer.status(), String(receiptId)).toBe(200);
  }
});

test('a compile promotes nothing by itself', async ({ dse }) => {
  const { active, canary } = await dse.call(canaryStatus, { signatureId });
  expect(active.compiledId).toBe(report.controlCompiledId);
  expect(canary).toBeNull();
});

test('a second start is the first job, and costs no call', async ({ dse, app }) => {
  const before = await modelRequests(app.modelUrl);
  const again = await dse.call(compileStart, { signatureId });
  expect(again).toMatchObject({ created: false, job: { jobId, status: 'done', reportId: report.reportId } });
  expect(await modelRequests(app.modelUrl)).toBe(before);
});

test('cancelling a job that is over leaves it as it is', async ({ dse }) => {
  const { job } = await dse.call(compileCancel, { jobId });
  expect(job).toMatchObject({ status: 'done', reportId: report.reportId });
});

test('new data is a new job: cancelled it stops, started again it goes on and pays only for what is new', async ({
  dse,
  app,
  model,
  unique,
  request,
  credentials,
}) => {
  await model.set({ kind: 'latency', ms: 150 });
  const before = split('dev');
  await dse.call(examplesImport, { signatureId, examples: before.map(withWords('anew')) });
  await dse.call(opsRunStart, { runId: unique });
  const started = await dse.call(compileStart, { signatureId, runId: unique });
  expect(started.created).toBe(true);
  const calls = await modelRequests(app.modelUrl);
  await expect.poll(() => modelRequests(app.modelUrl)).toBeGreaterThan(calls);
  const { job } = await dse.call(compileCancel, { jobId: started.job.jobId });
  expect(job).toMatchObject({ status: 'cancelled', stopReason: 'Cancelled.', reportId: null });
  await model.set();

  const resumed = await dse.call(compileStart, { signatureId });
  expect(resumed).toMatchObject({ created: false, job: { jobId: job.jobId, status: 'running' } });
  const ended = await compileEnd(dse, job.jobId);
  expect(ended.job).toMatchObject({ status: 'done', stopReason: 'The search is complete.' });
  expect(ended.report?.datasetHash).not.toBe(report.datasetHash);
  expect(ended.report?.progress.modelCalls).toBeLessThan(report.progress.modelCalls);
  expect(ended.report?.gate?.opening, 'the same holdout in another revision goes on with its budget').toBe(2);

  // The first revision again: what was decided on it stands, and its holdout stays shut.
  await dse.call(examplesImport, { signatureId, examples: before });
  const back = await dse.call(compileStart, { signatureId, runId: unique });
  expect(back).toMatchObject({
    created: false,
    job: { jobId, datasetHash: report.datasetHash, status: 'done' },
  });
  const page = await request.get(`/dse/ops/${unique}?format=json`, {
    headers: { authorization: `Bearer ${credentials.viewer}` },
  });
  const { events } = (await page.json()) as { events: { message: string }[] };
  const openings = events
    .map(event => event.message)
    .filter(message => message.includes('holdout was opened'));
  expect(openings).toEqual([
    expect.stringMatching(/^The sealed holdout was opened, time 2 on false-promotion budget \d\.$/),
  ]);
});

/** The same row with other words: other content, so that the ledger does not know it. */
function withWords(word: string): (row: Example) => Example {
  return row => {
    const { message, blueprintHint } = row.inputJson as { message: string; blueprintHint: string };
    return { ...row, inputJson: { message: `${message} ${word}`, blueprintHint } };
  };
}
