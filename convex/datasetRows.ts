import { v } from 'convex/values';
import { type Split, splitSchema } from '../loop/contract/example.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalQuery, type QueryCtx } from './_generated/server.js';

const vSplit = v.union(v.literal('train'), v.literal('dev'), v.literal('holdout'), v.literal('canary'));

/** Rows shown on each side of the one that was asked for. */
const NEIGHBOURS = 12;

/** A row of a data set as the pages show it. What a row of the holdout says stays sealed: null. */
export interface DataRow {
  readonly exampleId: string;
  readonly split: Split;
  readonly contentHash: string;
  /** Part of the newest revision. */
  readonly current: boolean;
  /** Of a candidate mined from traffic. */
  readonly review: 'pending' | 'confirmed' | 'rejected' | null;
  readonly inputJson: string | null;
  readonly expectedJson: string | null;
  readonly tags: readonly string[];
}

/** A stretch of one split of the newest revision, in the order of its ids. */
export interface DataRows {
  /** The row that was asked for; null when only the split was. */
  readonly row: DataRow | null;
  readonly split: Split;
  readonly rows: readonly DataRow[];
  /** Whether the split goes on before and after them. */
  readonly more: { readonly before: boolean; readonly after: boolean };
}

/** A row with its neighbours; null when no row has this id. The newest revision is asked first, then older ones and candidates. */
export const around = internalQuery({
  args: { signatureId: v.string(), exampleId: v.string() },
  handler: async (ctx, { signatureId, exampleId }): Promise<DataRows | null> => {
    const row =
      (await rowOf(ctx, { signatureId, exampleId, current: true })) ??
      (await rowOf(ctx, { signatureId, exampleId, current: false }));
    if (!row) return null;
    const split = row.split;
    const before = await splitOf(ctx, signatureId, split, { before: exampleId })
      .order('desc')
      .take(NEIGHBOURS + 1);
    const after = await splitOf(ctx, signatureId, split, { from: exampleId }).take(NEIGHBOURS + 2);
    return {
      row: shown(row),
      split,
      rows: [...before.slice(0, NEIGHBOURS).reverse(), ...after.slice(0, NEIGHBOURS + 1)].map(shown),
      more: { before: before.length > NEIGHBOURS, after: after.length > NEIGHBOURS + 1 },
    };
  },
});

/** The first rows of a split. */
export const first = internalQuery({
  args: { signatureId: v.string(), split: vSplit },
  handler: async (ctx, { signatureId, split }): Promise<DataRows> => {
    const most = 2 * NEIGHBOURS + 1;
    const rows = await splitOf(ctx, signatureId, split, { from: '' }).take(most + 1);
    return {
      row: null,
      split,
      rows: rows.slice(0, most).map(shown),
      more: { before: false, after: rows.length > most },
    };
  },
});

async function rowOf(
  ctx: QueryCtx,
  { signatureId, exampleId, current }: { signatureId: string; exampleId: string; current: boolean },
): Promise<Doc<'dseExamples'> | null> {
  const found = await Promise.all(
    splitSchema.options.map(split =>
      ctx.db
        .query('dseExamples')
        .withIndex('by_current', q =>
          q
            .eq('signatureId', signatureId)
            .eq('current', current)
            .eq('split', split)
            .eq('exampleId', exampleId),
        )
        .order('desc')
        .first(),
    ),
  );
  return found.find(row => row !== null) ?? null;
}

function splitOf(
  ctx: QueryCtx,
  signatureId: string,
  split: Split,
  range: { before: string } | { from: string },
) {
  return ctx.db.query('dseExamples').withIndex('by_current', q => {
    const rows = q.eq('signatureId', signatureId).eq('current', true).eq('split', split);
    return 'before' in range ? rows.lt('exampleId', range.before) : rows.gte('exampleId', range.from);
  });
}

function shown(row: Doc<'dseExamples'>): DataRow {
  const { exampleId, split, contentHash, current, tags } = row;
  // Whoever writes instructions should not have read the holdout.
  const sealed = split === 'holdout';
  return {
    exampleId,
    split,
    contentHash,
    current,
    review: row.review ?? null,
    inputJson: sealed ? null : row.inputJson,
    expectedJson: sealed ? null : row.expectedJson,
    tags,
  };
}
