import { v } from 'convex/values';
import * as z from 'zod';
import { gateReportSchema } from '../loop/contract/compile.ts';
import { deferred } from '../loop/contract/deferred.ts';
import { holdoutBudget, seenKeysOf } from '../loop/dataset/holdoutBudget.ts';
import { alphaForOpening } from '../loop/stats/alphaLedger.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, internalQuery, type MutationCtx, type QueryCtx } from './_generated/server.js';
import { getBlob, putBlob } from './blobs.ts';
import { type RowView, revisionEntries, rowsOf, rowView } from './datasets.ts';
import { failure } from './failure.ts';
import { noteInRun } from './opsRunEvents.ts';

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

/**
 * Opens the sealed holdout for one decision: counted, logged, and the only way any code reads it. A gate that was killed opens it
 * again under the same number and level.
 */
export const open = internalMutation({
  args: { ...pair, budget: v.number(), jobId: v.string(), runId: v.union(v.string(), v.null()) },
  handler: async (ctx, { budget, jobId, runId, ...key }): Promise<Opening> => {
    const known = await openingOf(ctx, key);
    const opening = known?.opening ?? (await count(ctx, key, jobId, runId));
    const rows = await rowsOf(ctx, key, 'holdout');
    return {
      opening,
      alpha: alphaForOpening({ budget, opening }),
      rows: rows.map(rowView),
      decidedJson: known?.gateJson ?? null,
    };
  },
});

/** Writes the decision of an opening down, once, and answers what stands: the first decision of a pair is its only one. */
export const decide = internalMutation({
  args: { ...pair, gateJson: v.string() },
  handler: async (ctx, { gateJson, ...key }): Promise<string> => {
    const known = await openingOf(ctx, key);
    if (!known) throw failure('internal', 'The holdout was not opened for this decision.');
    if (known.gateJson !== null) return known.gateJson;
    const gate = gateReportSchema.parse(JSON.parse(gateJson));
    if (gate.opening !== known.opening)
      throw failure('internal', `The decision is of opening ${gate.opening}, not of ${known.opening}.`);
    await ctx.db.patch(known._id, { gateJson });
    return gateJson;
  },
});

/** Counts a new opening on the budget that this revision spends. */
async function count(ctx: MutationCtx, key: Pair, jobId: string, runId: string | null): Promise<number> {
  const budgetNo = await budgetOf(ctx, key);
  const last = await ctx.db
    .query('dseEvalReports')
    .withIndex('by_budget', q => q.eq('signatureId', key.signatureId).eq('budgetNo', budgetNo))
    .order('desc')
    .first();
  // Evaluations have no budget, so that this index finds openings only.
  const opening = (last && last.kind !== 'eval' ? last.opening : 0) + 1;
  await ctx.db.insert('dseEvalReports', {
    kind: 'holdout',
    ...key,
    budgetNo,
    opening,
    gateJson: null,
    jobId,
    at: Date.now(),
  });
  await noteInRun(ctx, runId, {
    key: `holdout:${budgetNo}:${opening}`,
    message: `The sealed holdout was opened, time ${opening} on false-promotion budget ${budgetNo}.`,
    data: { ...key, budgetNo, opening },
  });
  return opening;
}

/** Which budget a revision spends: its own from its first opening, else the newest, unless most of its holdout was never seen. */
async function budgetOf(ctx: MutationCtx, key: Pair): Promise<number> {
  const { signatureId, datasetHash } = key;
  const opened = await ctx.db
    .query('dseOpenedRevisions')
    .withIndex('by_dataset', q => q.eq('signatureId', signatureId))
    .collect();
  const known = opened.find(revision => revision.datasetHash === datasetHash);
  if (known) return known.budgetNo;
  const seen = new Set<string>();
  for (const { newKeysBlobId } of opened)
    for (const rowKey of keysSchema.parse(JSON.parse((await getBlob(ctx, newKeysBlobId)) ?? 'null')))
      seen.add(rowKey);
  const entries = await revisionEntries(ctx, key);
  const { goesOn } = holdoutBudget(entries, seen);
  const budgetNo = Math.max(0, ...opened.map(revision => revision.budgetNo)) + (goesOn ? 0 : 1);
  const newKeysBlobId = `opened:${signatureId}:${datasetHash}`;
  await putBlob(ctx, newKeysBlobId, JSON.stringify(seenKeysOf(entries).filter(rowKey => !seen.has(rowKey))));
  await ctx.db.insert('dseOpenedRevisions', {
    signatureId,
    datasetHash,
    budgetNo,
    newKeysBlobId,
    at: Date.now(),
  });
  return budgetNo;
}

const keysSchema = deferred(() => z.array(z.string()));

type OpeningDoc = Exclude<Doc<'dseEvalReports'>, { kind: 'eval' }>;

type Pair = Pick<OpeningDoc, 'signatureId' | 'datasetHash' | 'controlCompiledId' | 'candidateCompiledId'>;

async function openingOf(ctx: QueryCtx, key: Pair): Promise<OpeningDoc | null> {
  const row = await ctx.db
    .query('dseEvalReports')
    .withIndex('by_pair', q =>
      q
        .eq('signatureId', key.signatureId)
        .eq('datasetHash', key.datasetHash)
        .eq('controlCompiledId', key.controlCompiledId)
        .eq('candidateCompiledId', key.candidateCompiledId),
    )
    .first();
  return row && row.kind !== 'eval' ? row : null;
}

/** The holdout rows that a decision was made on, for whoever replays it; null when none was made on this pair. */
export const decided = internalQuery({
  args: pair,
  handler: async (ctx, key) => {
    const known = await openingOf(ctx, key);
    if (!known || known.gateJson === null) return null;
    const { budgetNo, opening, gateJson } = known;
    const onBudget = await ctx.db
      .query('dseEvalReports')
      .withIndex('by_budget', q => q.eq('signatureId', key.signatureId).eq('budgetNo', budgetNo))
      .filter(q => q.lte(q.field('_creationTime'), known._creationTime))
      .collect();
    return {
      gateJson,
      opening,
      /** Openings on this budget up to this one, counted from their rows. */
      counted: onBudget.length,
      rows: (await rowsOf(ctx, key, 'holdout')).map(rowView),
    };
  },
});
