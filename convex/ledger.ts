import { v } from 'convex/values';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, internalQuery, type QueryCtx } from './_generated/server.js';

// Called hundreds of times in a compile: this module imports nothing that is slow to load.

/** Everything the ledger knows of one candidate. */
export const known = internalQuery({
  args: { candidateKey: v.string() },
  handler: async (ctx, { candidateKey }) => {
    const rows = await ctx.db
      .query('dseEvalResults')
      .withIndex('by_candidate', q => q.eq('candidateKey', candidateKey))
      .collect();
    return rows.map(({ _id, _creationTime, candidateKey: _, notes, ...row }) => ({
      ...row,
      notes: notes ?? null,
    }));
  },
});

const resultRow = v.object({
  candidateKey: v.string(),
  contentHash: v.string(),
  exampleId: v.string(),
  score: v.number(),
  errorCode: v.union(v.string(), v.null()),
  outputJson: v.union(v.string(), v.null()),
  notes: v.union(v.string(), v.null()),
  tokens: v.number(),
  calls: v.number(),
  costUsd: v.union(v.number(), v.null()),
  receiptId: v.union(v.string(), v.null()),
});

/** Paid results into the ledger, with the progress of the compile or evaluation and its sign of life. Answers whether the step may go on. */
export const write = internalMutation({
  args: { jobId: v.string(), generation: v.number(), progressJson: v.string(), results: v.array(resultRow) },
  handler: async (ctx, { jobId, generation, progressJson, results }): Promise<boolean> => {
    for (const result of results) {
      const row = await ctx.db
        .query('dseEvalResults')
        .withIndex('by_candidate', q =>
          q.eq('candidateKey', result.candidateKey).eq('contentHash', result.contentHash),
        )
        .first();
      if (!row) await ctx.db.insert('dseEvalResults', result);
    }
    const job = (await compileById(ctx, jobId)) ?? (await evalById(ctx, jobId));
    if (job?.generation !== generation || job.status !== 'running') return false;
    await ctx.db.patch(job._id, { heartbeatAt: Date.now(), progressJson });
    return true;
  },
});

function compileById(ctx: QueryCtx, jobId: string) {
  return ctx.db
    .query('dseCompileJobs')
    .withIndex('by_job', q => q.eq('jobId', jobId))
    .first();
}

/** An evaluation by its id, or null. */
export async function evalById(ctx: QueryCtx, evalId: string): Promise<EvalDoc | null> {
  const row = await ctx.db
    .query('dseEvalReports')
    .withIndex('by_eval', q => q.eq('evalId', evalId))
    .first();
  return row?.kind === 'eval' ? row : null;
}

/** The half of `dseEvalReports` that holds evaluations. */
export type EvalDoc = Extract<Doc<'dseEvalReports'>, { kind: 'eval' }>;

/** Takes errors of one candidate out of the ledger that were the endpoint's and not the candidate's, so that they are asked again. */
export const forget = internalMutation({
  args: { candidateKey: v.string(), errorCodes: v.array(v.string()) },
  handler: async (ctx, { candidateKey, errorCodes }) => {
    const rows = ctx.db
      .query('dseEvalResults')
      .withIndex('by_candidate', q => q.eq('candidateKey', candidateKey));
    for await (const row of rows)
      if (row.errorCode !== null && errorCodes.includes(row.errorCode)) await ctx.db.delete(row._id);
  },
});
