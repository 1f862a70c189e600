import { v } from 'convex/values';
import { gateReportSchema } from '../loop/contract/compile.ts';
import { alphaForOpening } from '../loop/stats/alphaLedger.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, type QueryCtx } from './_generated/server.js';
import { type RowView, rowsOf, rowView } from './datasets.ts';
import { failure } from './failure.ts';
import { noteInRun } from './opsRuns.ts';

const pair = {
  signatureId: v.string(),
  datasetHash: v.string(),
  controlCompiledId: v.string(),
  candidateCompiledId: v.string(),
};

interface Opening {
  opening: number;
  alpha: number;
  rows: RowView[];
  /** The decision, when this very pair was decided before: no second look is taken or paid for. */
  decidedJson: string | null;
}

/** Opens the sealed holdout for one decision: counted, logged, and the only way any code reads it. */
export const open = internalMutation({
  args: { ...pair, budget: v.number(), jobId: v.string(), runId: v.union(v.string(), v.null()) },
  handler: async (ctx, { budget, jobId, runId, ...key }): Promise<Opening> => {
    const known = await openingOf(ctx, key);
    const last = await ctx.db
      .query('dseEvalReports')
      .withIndex('by_dataset', q => q.eq('signatureId', key.signatureId).eq('datasetHash', key.datasetHash))
      .order('desc')
      .first();
    const opening = known?.opening ?? (last?.opening ?? 0) + 1;
    if (!known) {
      await ctx.db.insert('dseEvalReports', { ...key, opening, gateJson: null, jobId, at: Date.now() });
      await noteInRun(ctx, runId, {
        key: `holdout:${key.datasetHash}:${opening}`,
        message: `The sealed holdout was opened, time ${opening} for this data revision.`,
        data: key,
      });
    }
    const rows = await rowsOf(ctx, key, 'holdout');
    return {
      opening,
      alpha: alphaForOpening({ budget, opening }),
      rows: rows.map(rowView),
      decidedJson: known?.gateJson ?? null,
    };
  },
});

/** Writes the decision of an opening down, once. */
export const decide = internalMutation({
  args: { ...pair, gateJson: v.string() },
  handler: async (ctx, { gateJson, ...key }) => {
    const known = await openingOf(ctx, key);
    if (!known) throw failure('internal', 'The holdout was not opened for this decision.');
    gateReportSchema.parse(JSON.parse(gateJson));
    if (known.gateJson === null) await ctx.db.patch(known._id, { gateJson });
  },
});

type Pair = Pick<
  Doc<'dseEvalReports'>,
  'signatureId' | 'datasetHash' | 'controlCompiledId' | 'candidateCompiledId'
>;

async function openingOf(ctx: QueryCtx, key: Pair): Promise<Doc<'dseEvalReports'> | null> {
  return await ctx.db
    .query('dseEvalReports')
    .withIndex('by_pair', q =>
      q
        .eq('signatureId', key.signatureId)
        .eq('datasetHash', key.datasetHash)
        .eq('controlCompiledId', key.controlCompiledId)
        .eq('candidateCompiledId', key.candidateCompiledId),
    )
    .first();
}
