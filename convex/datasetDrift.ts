import { v } from 'convex/values';
import { textOf } from '../loop/compile/wordOverlap.ts';
import type { DatasetView } from '../loop/contract/dataset.ts';
import type { Json } from '../loop/contract/json.ts';
import { type DriftRow, driftOf } from '../loop/dataset/drift.ts';
import type { Signature } from '../loop/signature.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalQuery } from './_generated/server.js';
import { knownSignature } from './artifacts.ts';
import { allRowsOf } from './datasets.ts';

// A page of revisions; older ones are reached by their hash.
const MOST_REVISIONS = 50;

/** The revisions of a signature's data set, newest first, and what changed from one to another. */
export const view = internalQuery({
  args: {
    signatureId: v.string(),
    from: v.union(v.string(), v.null()),
    to: v.union(v.string(), v.null()),
  },
  handler: async (ctx, { signatureId, from, to }): Promise<DatasetView> => {
    const signature = knownSignature(signatureId);
    const revisions = await ctx.db
      .query('dseDatasetRevisions')
      .withIndex('by_pinned', q => q.eq('signatureId', signatureId))
      .order('desc')
      .take(MOST_REVISIONS);
    const shown = revisions.map(({ datasetHash, counts, createdAt, pinnedAt }) => ({
      datasetHash,
      counts,
      createdAt,
      pinnedAt,
    }));
    const newer = to ?? shown[0]?.datasetHash;
    if (newer === undefined) return { signatureId, revisions: [], drift: null };
    const before = shown[shown.findIndex(revision => revision.datasetHash === newer) + 1];
    const older = from ?? before?.datasetHash ?? null;
    const rowsOf = async (datasetHash: string) => ({
      datasetHash,
      rows: (await allRowsOf(ctx, { signatureId, datasetHash })).map(row => driftRow(signature, row)),
    });
    const drift = driftOf(older === null ? null : await rowsOf(older), await rowsOf(newer));
    return { signatureId, revisions: shown, drift };
  },
});

function driftRow(signature: Signature, row: Doc<'dseExamples'>): DriftRow {
  const { exampleId, contentHash, split } = row;
  const [input, expected] = [JSON.parse(row.inputJson) as Json, JSON.parse(row.expectedJson) as Json];
  const readable = <T>(read: () => T, otherwise: T): T => {
    try {
      return read();
    } catch {
      // Rows of an older contract of the signature are compared by all their words.
      return otherwise;
    }
  };
  return {
    exampleId,
    contentHash,
    split,
    label: readable(() => signature.label?.(expected) ?? 'all', 'all'),
    text: readable(() => signature.text?.(input) ?? textOf(input), textOf(input)),
  };
}
