import { v } from 'convex/values';
import * as z from 'zod';
import { deferred } from '../loop/contract/deferred.ts';
import { exampleSchema, type Split, splitSchema } from '../loop/contract/example.ts';
import { hashSchema } from '../loop/contract/json.ts';
import { datasetHash, entryOf, inOrder, type RevisionEntry } from '../loop/dataset/revision.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, internalQuery, type QueryCtx } from './_generated/server.js';
import { getBlob, putBlob } from './blobs.ts';
import { failure } from './failure.ts';

const hashedExamples = deferred(() =>
  z.array(z.strictObject({ contentHash: hashSchema, example: exampleSchema })),
);
const entriesSchema = deferred(() =>
  z.array(z.tuple([z.string(), hashSchema, splitSchema, z.string().optional()])),
);

/** What new rows are checked against: the rows of the newest revision, and its hash. */
export const stored = internalQuery({
  args: { signatureId: v.string() },
  handler: async (ctx, { signatureId }) => {
    const rows: { exampleId: string; split: Split; inputJson: string }[] = [];
    const current = ctx.db
      .query('dseExamples')
      .withIndex('by_current', q => q.eq('signatureId', signatureId).eq('current', true));
    for await (const { exampleId, split, inputJson } of current) rows.push({ exampleId, split, inputJson });
    return { rows, datasetHash: (await currentRevision(ctx, signatureId))?.datasetHash ?? null };
  },
});

/** Takes rows that were checked and hashed, all in one transaction, and pins the revision they make. */
export const importExamples = internalMutation({
  args: {
    signatureId: v.string(),
    hashedJson: v.string(),
    /** The revision that the rows were checked against; null before the first import. */
    checkedAgainst: v.union(v.string(), v.null()),
  },
  handler: async (ctx, { signatureId, hashedJson, checkedAgainst }) => {
    const incoming = hashedExamples.parse(JSON.parse(hashedJson));
    const current = new Map<string, Doc<'dseExamples'>>();
    const rows = ctx.db
      .query('dseExamples')
      .withIndex('by_current', q => q.eq('signatureId', signatureId).eq('current', true));
    for await (const row of rows) current.set(row.exampleId, row);

    const newest = await currentRevision(ctx, signatureId);
    const before = newest ? await entriesOf(ctx, newest) : [];
    const tally = { added: 0, updated: 0, unchanged: 0 };
    const entries = new Map<string, RevisionEntry>(before.map(entry => [entry[0], entry]));
    for (const { contentHash, example } of incoming) {
      const known = current.get(example.exampleId);
      entries.set(example.exampleId, entryOf(example, contentHash));
      if (known?.contentHash === contentHash) {
        tally.unchanged++;
        continue;
      }
      if (known) await ctx.db.patch(known._id, { current: false });
      const earlier = known
        ? await ctx.db
            .query('dseExamples')
            .withIndex('by_content', q => q.eq('signatureId', signatureId).eq('contentHash', contentHash))
            .first()
        : null;
      if (earlier) await ctx.db.patch(earlier._id, { current: true });
      else {
        await ctx.db.insert('dseExamples', {
          signatureId,
          exampleId: example.exampleId,
          contentHash,
          current: true,
          split: example.split,
          inputJson: JSON.stringify(example.inputJson),
          expectedJson: JSON.stringify(example.expectedJson),
          tags: example.tags,
          metaJson: JSON.stringify(example.meta),
        });
      }
      if (known) tally.updated++;
      else tally.added++;
    }

    const list = inOrder(entries.values());
    const hash = datasetHash(list);
    const counts = { train: 0, dev: 0, holdout: 0, canary: 0 };
    for (const [, , split] of list) counts[split]++;
    if (newest?.datasetHash !== hash) {
      if ((newest?.datasetHash ?? null) !== checkedAgainst)
        throw failure('conflict', 'Nothing was imported: another import came in between. Send it again.');
      const known = await revisionByHash(ctx, signatureId, hash);
      const pinnedAt = Math.max(Date.now(), (newest?.pinnedAt ?? 0) + 1);
      if (known) await ctx.db.patch(known._id, { pinnedAt });
      else {
        const entriesBlobId = `revision:${signatureId}:${hash}`;
        await putBlob(ctx, entriesBlobId, JSON.stringify(list));
        await ctx.db.insert('dseDatasetRevisions', {
          signatureId,
          datasetHash: hash,
          counts,
          entriesBlobId,
          createdAt: Date.now(),
          pinnedAt,
        });
      }
    }
    return { datasetHash: hash, ...tally, counts };
  },
});

/** The newest revision of a signature, or null before the first import. */
export async function currentRevision(
  ctx: QueryCtx,
  signatureId: string,
): Promise<Doc<'dseDatasetRevisions'> | null> {
  return await ctx.db
    .query('dseDatasetRevisions')
    .withIndex('by_pinned', q => q.eq('signatureId', signatureId))
    .order('desc')
    .first();
}

async function revisionByHash(ctx: QueryCtx, signatureId: string, hash: string) {
  return await ctx.db
    .query('dseDatasetRevisions')
    .withIndex('by_hash', q => q.eq('signatureId', signatureId).eq('datasetHash', hash))
    .first();
}

/** How many rows a revision has in each split: that is no secret, not even of the holdout. */
export const counts = internalQuery({
  args: { signatureId: v.string(), datasetHash: v.string() },
  handler: async (ctx, { signatureId, datasetHash: hash }) => {
    const found = await revisionByHash(ctx, signatureId, hash);
    if (!found) throw failure('no_dataset', `Data revision ${hash} is not stored.`);
    return found.counts;
  },
});

/** The lines of a stored revision, in the order of their ids. Throws `no_dataset`. */
export async function revisionEntries(
  ctx: QueryCtx,
  { signatureId, datasetHash: hash }: { signatureId: string; datasetHash: string },
): Promise<RevisionEntry[]> {
  const found = await revisionByHash(ctx, signatureId, hash);
  if (!found) throw failure('no_dataset', `Data revision ${hash} is not stored.`);
  return await entriesOf(ctx, found);
}

async function entriesOf(ctx: QueryCtx, revision: Doc<'dseDatasetRevisions'>): Promise<RevisionEntry[]> {
  const text = await getBlob(ctx, revision.entriesBlobId);
  if (text === null)
    throw failure('internal', `The entries of data revision ${revision.datasetHash} are gone.`);
  return entriesSchema.parse(JSON.parse(text));
}

/** The rows of one split of a revision, in the order of their ids, whatever was imported since. */
export async function rowsOf(
  ctx: QueryCtx,
  revision: { signatureId: string; datasetHash: string },
  split: Split,
): Promise<Doc<'dseExamples'>[]> {
  const entries = await revisionEntries(ctx, revision);
  const current = ctx.db
    .query('dseExamples')
    .withIndex('by_current', q =>
      q.eq('signatureId', revision.signatureId).eq('current', true).eq('split', split),
    );
  return await rowsOfEntries(
    ctx,
    revision,
    entries.filter(entry => entry[2] === split),
    await current.collect(),
  );
}

/** All rows of a revision, in the order of their ids. */
export async function allRowsOf(
  ctx: QueryCtx,
  revision: { signatureId: string; datasetHash: string },
): Promise<Doc<'dseExamples'>[]> {
  const current = ctx.db
    .query('dseExamples')
    .withIndex('by_current', q => q.eq('signatureId', revision.signatureId).eq('current', true));
  return await rowsOfEntries(ctx, revision, await revisionEntries(ctx, revision), await current.collect());
}

/** Rows by their content. Most are part of the newest revision too, and one range read is far cheaper than a read for each. */
async function rowsOfEntries(
  ctx: QueryCtx,
  { signatureId, datasetHash: revisionHash }: { signatureId: string; datasetHash: string },
  entries: readonly RevisionEntry[],
  current: readonly Doc<'dseExamples'>[],
): Promise<Doc<'dseExamples'>[]> {
  const known = new Map(current.map(row => [row.contentHash, row]));
  const rows: Doc<'dseExamples'>[] = [];
  for (const [exampleId, contentHash] of entries) {
    const row =
      known.get(contentHash) ??
      (await ctx.db
        .query('dseExamples')
        .withIndex('by_content', q => q.eq('signatureId', signatureId).eq('contentHash', contentHash))
        .first());
    if (!row) throw failure('internal', `Example ${exampleId} of revision ${revisionHash} is gone.`);
    rows.push(row);
  }
  return rows;
}

/** A labelled row as it travels from a query to the engine. */
export interface RowView {
  readonly exampleId: string;
  readonly contentHash: string;
  readonly inputJson: string;
  readonly expectedJson: string;
}

/** The fields of a row that the engine needs. */
export function rowView(row: Doc<'dseExamples'>): RowView {
  const { exampleId, contentHash, inputJson, expectedJson } = row;
  return { exampleId, contentHash, inputJson, expectedJson };
}

/** What the search may read: train and dev. There is no query for the holdout; only the gate's opening returns it. */
export const searchRows = internalQuery({
  args: {
    signatureId: v.string(),
    datasetHash: v.string(),
    split: v.union(v.literal('train'), v.literal('dev')),
  },
  handler: async (ctx, { signatureId, datasetHash, split }): Promise<RowView[]> =>
    (await rowsOf(ctx, { signatureId, datasetHash }, split)).map(rowView),
});
