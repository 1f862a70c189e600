import { v } from 'convex/values';
import type { Doc } from './_generated/dataModel.js';
import { internalQuery, type QueryCtx } from './_generated/server.js';
import { pointerOf } from './activePointer.ts';
import { openCanary } from './canaryRows.ts';

/** Lines of one list on one page. */
const LINES = 20;
/** A report may weigh a document's full 1 MiB, and is read whole to be listed. */
const REPORTS = 5;

const vBefore = v.union(v.number(), v.null());

/** Part of a list, newest first. */
export interface Part<Row> {
  readonly rows: readonly Row[];
  /** The next part begins before this time; null at the end. */
  readonly older: number | null;
}

/** What a signature runs now, and parts of its history, each from the time that is asked for backwards. */
export const view = internalQuery({
  args: {
    signatureId: v.string(),
    before: v.object({
      moves: vBefore,
      canaries: vBefore,
      reports: vBefore,
      revisions: vBefore,
      evals: vBefore,
    }),
  },
  handler: async (ctx, { signatureId, before }) => {
    const active = await pointerOf(ctx, signatureId);
    const until = (name: keyof typeof before) => before[name] ?? Number.MAX_SAFE_INTEGER;
    const moves = await ctx.db
      .query('dseActiveArtifactHistory')
      .withIndex('by_signature', q => q.eq('signatureId', signatureId).lt('at', until('moves')))
      .order('desc')
      .take(LINES + 1);
    const stopped = await ctx.db
      .query('dseCanaries')
      .withIndex('by_signature', q =>
        q.eq('signatureId', signatureId).eq('status', 'stopped').lt('startedAt', until('canaries')),
      )
      .order('desc')
      .take(LINES + 1);
    const reports = await ctx.db
      .query('dseCompileReports')
      .withIndex('by_signature', q => q.eq('signatureId', signatureId).lt('createdAt', until('reports')))
      .order('desc')
      .take(REPORTS + 1);
    const revisions = await ctx.db
      .query('dseDatasetRevisions')
      .withIndex('by_pinned', q => q.eq('signatureId', signatureId).lt('pinnedAt', until('revisions')))
      .order('desc')
      .take(LINES + 1);
    const evals = await ctx.db
      .query('dseEvalReports')
      .withIndex('by_kind', q => q.eq('signatureId', signatureId).eq('kind', 'eval').lt('at', until('evals')))
      .order('desc')
      .take(LINES + 1);
    return {
      active,
      artifact: active && (await artifactOf(ctx, active.compiledId)),
      promotion: active && (await promotionOf(ctx, signatureId, active.compiledId)),
      moves: partOf(moves, LINES, move => move.at),
      openCanary: await openCanary(ctx, signatureId),
      canaries: partOf(stopped, LINES, canary => canary.startedAt),
      reports: partOf(reports.map(reportLine), REPORTS, report => report.createdAt),
      evals: partOf(evals.flatMap(evalLine), LINES, evaluation => evaluation.at),
      revisions: partOf(revisions.map(revisionLine), LINES, revision => revision.pinnedAt),
    };
  },
});

function partOf<Row>(rows: readonly Row[], most: number, timeOf: (row: Row) => number): Part<Row> {
  const shown = rows.slice(0, most);
  const last = shown.at(-1);
  return { rows: shown, older: rows.length > most && last ? timeOf(last) : null };
}

/** The newest promotion of an artifact. */
async function promotionOf(ctx: QueryCtx, signatureId: string, compiledId: string) {
  return await ctx.db
    .query('dseActiveArtifactHistory')
    .withIndex('by_signature', q => q.eq('signatureId', signatureId))
    .order('desc')
    .filter(q => q.and(q.eq(q.field('action'), 'promote'), q.eq(q.field('toCompiledId'), compiledId)))
    .first();
}

async function artifactOf(ctx: QueryCtx, compiledId: string): Promise<string | null> {
  const stored = await ctx.db
    .query('dseArtifacts')
    .withIndex('by_compiled', q => q.eq('compiledId', compiledId))
    .unique();
  return stored?.artifactJson ?? null;
}

function reportLine({
  reportId,
  decision,
  winnerCompiledId,
  datasetHash,
  createdAt,
}: Doc<'dseCompileReports'>) {
  return { reportId, decision, winnerCompiledId, datasetHash, createdAt };
}

function evalLine(row: Doc<'dseEvalReports'>) {
  if (row.kind !== 'eval') return [];
  const { evalId, compiledId, split, rows, status, score, at } = row;
  return [{ evalId, compiledId, split, rows, status, score, at }];
}
export type EvalLine = ReturnType<typeof evalLine>[number];

function revisionLine({ datasetHash, counts, pinnedAt }: Doc<'dseDatasetRevisions'>) {
  return { datasetHash, counts, pinnedAt };
}
