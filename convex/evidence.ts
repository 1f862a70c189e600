import { v } from 'convex/values';
import * as z from 'zod';
import type { ArmCounts } from '../loop/contract/canary.ts';
import type { OpsRunView } from '../loop/contract/endpoint.ts';
import type { Json } from '../loop/contract/json.ts';
import { type Receipt, receiptSchema } from '../loop/contract/receipt.ts';
import { query } from './_generated/server.js';
import { canaryById } from './canaryRows.ts';
import { currentRevision, rowsOf } from './datasets.ts';
import { runView } from './opsRuns.ts';
import { requireRole } from './roles.ts';
import { failedTests, runById } from './runEvidence.ts';

// Public functions: Convex clients with an operator's token read evidence here, and nothing can be written.

/** A run as it stands, or null. */
export const opsRun = query({
  args: { runId: v.string() },
  handler: async (ctx, { runId }): Promise<OpsRunView | null> => {
    await requireRole(ctx, 'ops', 'viewer');
    const run = await runById(ctx, runId);
    return run && runView(run);
  },
});

/** Titles of the tests whose last attempt in a run failed. */
export const failedTestsOf = query({
  args: { runId: v.string() },
  handler: async (ctx, { runId }): Promise<string[]> => {
    await requireRole(ctx, 'ops', 'viewer');
    return await failedTests(ctx, runId);
  },
});

/** The data revision a signature is compiled on, or null before the first import. */
export const dataset = query({
  args: { signatureId: v.string() },
  handler: async (ctx, { signatureId }) => {
    await requireRole(ctx, 'ops', 'viewer');
    const revision = await currentRevision(ctx, signatureId);
    return revision && { datasetHash: revision.datasetHash, counts: revision.counts };
  },
});

/** The rows that live traffic is made of: the canary split of the current revision. */
export const canaryExamples = query({
  args: { signatureId: v.string() },
  handler: async (ctx, { signatureId }): Promise<{ exampleId: string; input: Json }[]> => {
    await requireRole(ctx, 'ops');
    const revision = await currentRevision(ctx, signatureId);
    const rows = revision ? await rowsOf(ctx, revision, 'canary') : [];
    return rows.map(row => ({ exampleId: row.exampleId, input: JSON.parse(row.inputJson) as Json }));
  },
});

/** Every receipt of a canary for one request of the browser, by request ids. */
export const receiptsByRequest = query({
  args: { requestIds: v.array(v.string()) },
  handler: async (ctx, { requestIds }): Promise<{ receipt: Receipt; outcomeOf: string | null }[]> => {
    await requireRole(ctx, 'ops');
    const found = await Promise.all(
      requestIds.map(requestId =>
        ctx.db
          .query('receipts')
          .withIndex('by_request', q => q.eq('requestId', requestId))
          .collect(),
      ),
    );
    return found.flat().map(row => ({
      receipt: receiptSchema.parse(JSON.parse(row.receiptJson)),
      outcomeOf: row.outcome?.exampleId ?? null,
    }));
  },
});

/** How many receipts a canary has counted, counted again row by row: what its running counts must equal. */
export const canaryRecount = query({
  args: { canaryId: v.string() },
  handler: async (ctx, { canaryId }): Promise<{ control: ArmCounts; canary: ArmCounts } | null> => {
    await requireRole(ctx, 'ops');
    if (!(await canaryById(ctx, canaryId))) return null;
    const counts = { control: zero(), canary: zero() };
    const rows = ctx.db.query('receipts').withIndex('by_canary', q => q.eq('canaryId', canaryId));
    for await (const row of rows) {
      if (row.arm === 'none' || row.canaryStep === null) continue;
      const tally = counts[row.arm];
      tally.n++;
      if (!row.ok) tally.failures++;
      if (row.outcome?.correct === true) tally.correct++;
      if (row.outcome?.correct === false) tally.wrong++;
    }
    return counts;
  },
});

function zero(): ArmCounts {
  return { n: 0, failures: 0, correct: 0, wrong: 0 };
}

/** The moves of a signature's pointer, newest first. */
export const pointerHistory = query({
  args: { signatureId: v.string(), limit: v.number() },
  handler: async (ctx, { signatureId, limit }) => {
    await requireRole(ctx, 'ops', 'viewer');
    const moves = await ctx.db
      .query('dseActiveArtifactHistory')
      .withIndex('by_signature', q => q.eq('signatureId', signatureId))
      .order('desc')
      .take(z.number().int().min(1).max(100).parse(limit));
    return moves.map(({ action, fromCompiledId, toCompiledId, actor, reason, runId, at }) => ({
      action,
      fromCompiledId,
      toCompiledId,
      actor,
      reason,
      runId,
      at,
    }));
  },
});
