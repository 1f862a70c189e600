/** @jsxImportSource hono/jsx */
import type { Context } from 'hono';
import { signatureById } from '../../../loop/catalog/catalog.ts';
import { evalReportSchema } from '../../../loop/contract/eval.ts';
import { artifactSchema } from '../../../loop/contract/params.ts';
import { receiptSchema } from '../../../loop/contract/receipt.ts';
import { rlmTraceSchema } from '../../../loop/contract/rlmTrace.ts';
import { internal } from '../../_generated/api.js';
import type { Doc } from '../../_generated/dataModel.js';
import { canaryView } from '../../canaryRows.ts';
import type { App } from '../../routes/access.ts';
import { reportOf } from '../night/nightModel.ts';
import { notFound } from '../pieces/notFound.tsx';
import { unreadable } from '../pieces/unreadable.tsx';
import { type Problems, readStored } from '../stored.ts';
import { artifactPage } from './artifactPage.tsx';
import { datasetPage } from './datasetPage.tsx';
import { evalReportPage } from './evalReportPage.tsx';
import { type ReceiptView, receiptPage } from './receiptPage.tsx';
import { reportPage } from './reportPage.tsx';
import { requestPage } from './requestPage.tsx';
import { type SignatureView, signaturePage } from './signaturePage.tsx';
import { tracePage } from './tracePage.tsx';

/** Pages of single records: receipts, requests, reports, artifacts and signatures. */
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
    if (receipts.length === 0) return notFound(c, 'receipt of a request', requestId);
    const view = { requestId, receipts };
    return wantsJson(c) ? c.json(view) : c.html(requestPage(view));
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

  app.get('/dse/dataset/*', async c => {
    const signatureId = idAfter('/dse/dataset/', c.req.url);
    const { from = null, to = null } = c.req.query();
    if (signatureById(signatureId) === null) return notFound(c, 'data set of a signature', signatureId);
    const view = await c.env.ctx.runQuery(internal.datasetDrift.view, { signatureId, from, to });
    return wantsJson(c) ? c.json(view) : c.html(datasetPage(view));
  });

  app.get('/dse/signature/*', async c => {
    const signatureId = idAfter('/dse/signature/', c.req.url);
    const problems: Problems = [];
    const { artifact, canaries, ...found } = await c.env.ctx.runQuery(internal.views.signature, {
      signatureId,
    });
    const evals = await c.env.ctx.runQuery(internal.evals.recent, { signatureId });
    const now = Date.now();
    const known =
      signatureById(signatureId) !== null ||
      found.active !== null ||
      found.reports.length > 0 ||
      canaries.length > 0;
    if (!known) return notFound(c, 'record of a signature', signatureId);
    const view: SignatureView = {
      signatureId,
      ...found,
      evals,
      artifact:
        artifact && readStored(artifactSchema, artifact.artifactJson, 'The active artifact', problems),
      canaries: canaries.map(canary => canaryView(canary, now)),
      problems,
    };
    return wantsJson(c) ? c.json(view) : c.html(signaturePage(view));
  });
}

function wantsJson(c: Context): boolean {
  return c.req.query('format') === 'json';
}

function receiptView(row: Doc<'receipts'>, problems: Problems): ReceiptView | null {
  const receipt = readStored(receiptSchema, row.receiptJson, `Receipt ${row.receiptId}`, problems);
  return receipt && { receipt, outcome: row.outcome };
}

/** An id that holds `/` and `@`, whether the address has it encoded or as it is. */
function idAfter(prefix: string, url: string): string {
  const raw = new URL(url).pathname.slice(prefix.length);
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}
