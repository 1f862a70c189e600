/** @jsxImportSource hono/jsx */
import { evalReportSchema } from '../../../loop/contract/eval.ts';
import { testFactsSchema } from '../../../loop/contract/opsRun.ts';
import { artifactSchema } from '../../../loop/contract/params.ts';
import { receiptSchema } from '../../../loop/contract/receipt.ts';
import { rlmTraceSchema } from '../../../loop/contract/rlmTrace.ts';
import { internal } from '../../_generated/api.js';
import type { Doc } from '../../_generated/dataModel.js';
import { canaryView } from '../../canaryRows.ts';
import type { App, AppContext } from '../../routes/access.ts';
import { soakView } from '../../soakRows.ts';
import { canaryCourse } from '../night/canaryCourse.ts';
import { reportOf } from '../night/nightModel.ts';
import { asJson, wantsJson } from '../pageRequest.ts';
import { notFound } from '../pieces/notFound.tsx';
import { unreadable } from '../pieces/unreadable.tsx';
import { type Problems, readStored } from '../stored.ts';
import { artifactPage } from './artifactPage.tsx';
import { canaryPage } from './canaryPage.tsx';
import { evalReportPage } from './evalReportPage.tsx';
import { jobPage } from './jobPage.tsx';
import { type ReceiptView, receiptPage } from './receiptPage.tsx';
import { reportPage } from './reportPage.tsx';
import { type RequestMade, requestPage } from './requestPage.tsx';
import { tracePage } from './tracePage.tsx';

/** Pages of single records: receipts, traces, requests, jobs, reports, evaluations, artifacts and canaries. */
export function registerRecords(app: App): void {
  app.get('/dse/receipt/:receiptId', async c => {
    const { receiptId } = c.req.param();
    const problems: Problems = [];
    const row = await c.env.ctx.runQuery(internal.views.receipt, { receiptId });
    if (row === null) return notFound(c, 'receipt', receiptId);
    const view = receiptView(row, problems);
    if (view === null) return unreadable(c, problems);
    return wantsJson(c) ? c.json(view) : c.html(receiptPage(view));
  });

  app.get('/dse/trace/:receiptId', async c => {
    const { receiptId } = c.req.param();
    const problems: Problems = [];
    const text = await c.env.ctx.runQuery(internal.receipts.traceOf, { receiptId });
    if (text === null) return notFound(c, 'trace of a receipt', receiptId);
    const trace = readStored(rlmTraceSchema, text, `The trace of receipt ${receiptId}`, problems);
    if (trace === null) return unreadable(c, problems);
    return wantsJson(c) ? c.json(trace) : c.html(tracePage(trace));
  });

  app.get('/dse/request/:requestId', async c => {
    const { requestId } = c.req.param();
    const rows = await c.env.ctx.runQuery(internal.views.receiptsOfRequest, { requestId });
    const receipts = rows.map(row => receiptView(row, [])).filter(view => view !== null);
    const made = await madeBy(c, requestId);
    if (receipts.length === 0 && made === null) return notFound(c, 'record of a request', requestId);
    const view = { requestId, receipts, made };
    return wantsJson(c) ? c.json(view) : c.html(requestPage(view, asJson(c)));
  });

  app.get('/dse/compile-report/:reportId', async c => {
    const { reportId } = c.req.param();
    const problems: Problems = [];
    const [row] = await c.env.ctx.runQuery(internal.views.reports, { reportIds: [reportId] });
    if (row === undefined) return notFound(c, 'compile report', reportId);
    const report = reportOf(row, problems);
    if (report === null) return unreadable(c, problems);
    return wantsJson(c) ? c.json(report) : c.html(reportPage(report));
  });

  app.get('/dse/eval-report/:evalId', async c => {
    const { evalId } = c.req.param();
    const problems: Problems = [];
    const found = await c.env.ctx.runQuery(internal.evals.view, { evalId });
    if (found === null) return notFound(c, 'evaluation', evalId);
    const { eval: job, reportJson } = found;
    const report =
      reportJson && readStored(evalReportSchema, reportJson, `The report of evaluation ${evalId}`, problems);
    if (problems.length > 0) return unreadable(c, problems);
    const view = { eval: job, report: report || null };
    return wantsJson(c) ? c.json(view) : c.html(evalReportPage(view));
  });

  app.get('/dse/artifact/:compiledId', async c => {
    const { compiledId } = c.req.param();
    const problems: Problems = [];
    const row = await c.env.ctx.runQuery(internal.views.artifact, { compiledId });
    if (row === null) return notFound(c, 'artifact', compiledId);
    const artifact = readStored(artifactSchema, row.artifactJson, `Artifact ${compiledId}`, problems);
    if (artifact === null) return unreadable(c, problems);
    const view = { compiledId, artifact, createdAt: row.createdAt };
    return wantsJson(c) ? c.json(view) : c.html(artifactPage(view));
  });

  app.get('/dse/compile-job/:jobId', async c => {
    const { jobId } = c.req.param();
    const job = await c.env.ctx.runQuery(internal.views.job, { jobId });
    if (job === null) return notFound(c, 'compile job', jobId);
    return wantsJson(c) ? c.json(job) : c.html(jobPage(job));
  });

  app.get('/dse/canary/:canaryId', async c => {
    const { canaryId } = c.req.param();
    const found = await c.env.ctx.runQuery(internal.views.canary, { canaryId });
    if (found === null) return notFound(c, 'canary', canaryId);
    const { canary, course, changes, soak } = found;
    const now = Date.now();
    const view = {
      now,
      canary: canaryView(canary, now),
      course: canaryCourse(canary, course, now),
      changes,
      soak: soak && soakView(soak),
    };
    return wantsJson(c) ? c.json(view) : c.html(canaryPage(view));
  });
}

/** What the night that the address names has on record of a request. */
async function madeBy(c: AppContext, requestId: string): Promise<RequestMade | null> {
  const runId = c.req.query('night');
  if (runId === undefined) return null;
  let found: { test: string | null; cursor: string | null } = { test: null, cursor: null };
  do
    found = await c.env.ctx.runQuery(internal.views.testOfRequest, {
      runId,
      requestId,
      cursor: found.cursor,
      limit: 50,
    });
  while (found.test === null && found.cursor !== null);
  const test = found.test === null ? null : readStored(testFactsSchema, found.test, 'A test result', []);
  const request = test?.requests.find(seen => seen.requestId === requestId);
  return test && request
    ? { runId, testId: test.testId, retry: test.retry, title: test.title, request }
    : null;
}

function receiptView(row: Doc<'receipts'>, problems: Problems): ReceiptView | null {
  const receipt = readStored(receiptSchema, row.receiptJson, `Receipt ${row.receiptId}`, problems);
  return receipt && { receipt, outcome: row.outcome };
}
