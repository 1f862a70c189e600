import { v } from 'convex/values';
import type { KeptAnswer } from '../loop/compile/keptAnswers.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, internalQuery, type QueryCtx } from './_generated/server.js';

// Called hundreds of times in a compile: this module imports nothing that is slow to load.

/** Everything the ledger knows of each candidate: batches of answers, the oldest first. `answersIn` reads them. */
export const known = internalQuery({
  args: { candidateKeys: v.array(v.string()) },
  handler: (ctx, { candidateKeys }): Promise<string[][]> =>
    Promise.all(
      candidateKeys.map(async candidateKey =>
        (await documentsOf(ctx, candidateKey).collect()).map(answersJsonOf),
      ),
    ),
});

function documentsOf(ctx: QueryCtx, candidateKey: string) {
  return ctx.db.query('dseEvalResults').withIndex('by_candidate', q => q.eq('candidateKey', candidateKey));
}

/** The answers in a document, also in one of before answers were written in batches. */
function answersJsonOf(document: Doc<'dseEvalResults'>): string {
  if ('answersJson' in document) return document.answersJson;
  const { contentHash, exampleId, score, errorCode, outputJson, notes = null, receiptId } = document;
  const { calls, tokens, costUsd } = document;
  const output: unknown = outputJson === null ? null : JSON.parse(outputJson);
  const spent = { calls, tokens, costUsd };
  return JSON.stringify([{ contentHash, exampleId, score, errorCode, output, receiptId, notes, spent }]);
}

/**
 * Paid answers into the ledger, with the progress of the compile or evaluation and its sign of life. Answers whether the step may go on. What a
 * step that was taken for dead has paid for is kept too.
 */
export const write = internalMutation({
  args: {
    jobId: v.string(),
    generation: v.number(),
    progressJson: v.string(),
    batches: v.array(v.object({ candidateKey: v.string(), answersJson: v.string() })),
  },
  handler: async (ctx, { jobId, generation, progressJson, batches }): Promise<boolean> => {
    for (const batch of batches) await ctx.db.insert('dseEvalResults', batch);
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
    for await (const document of documentsOf(ctx, candidateKey)) {
      const answers = JSON.parse(answersJsonOf(document)) as Pick<KeptAnswer, 'errorCode'>[];
      const stay = answers.filter(({ errorCode }) => errorCode === null || !errorCodes.includes(errorCode));
      if (stay.length === answers.length) continue;
      if (stay.length === 0) await ctx.db.delete(document._id);
      else await ctx.db.replace(document._id, { candidateKey, answersJson: JSON.stringify(stay) });
    }
  },
});
