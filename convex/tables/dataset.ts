import { defineTable } from 'convex/server';
import { v } from 'convex/values';
import { vJsonText } from './columns.ts';

const vSplit = v.union(v.literal('train'), v.literal('dev'), v.literal('holdout'), v.literal('canary'));

/** Labelled rows and their revisions. */
export const datasetTables = {
  // Labelled rows, one document per content. Written by import, and by the export
  // of traffic for review; never deleted, so old revisions stay readable.
  dseExamples: defineTable({
    signatureId: v.string(),
    exampleId: v.string(),
    contentHash: v.string(),
    /** Part of the newest revision. */
    current: v.boolean(),
    /**
     * Set on candidates mined from traffic, which stand apart from labelled rows: never current, and with `review:` and their id in
     * place of a content hash, so that no revision can hold one. Confirming one makes a labelled row beside it.
     */
    review: v.optional(v.union(v.literal('pending'), v.literal('confirmed'), v.literal('rejected'))),
    split: vSplit,
    inputJson: vJsonText,
    expectedJson: vJsonText,
    tags: v.array(v.string()),
    metaJson: vJsonText,
  })
    .index('by_current', ['signatureId', 'current', 'split', 'exampleId'])
    .index('by_content', ['signatureId', 'contentHash'])
    .index('by_review', ['signatureId', 'review', 'exampleId']),

  // Immutable data set revisions. Written by import; read by compile, gate and pages. Entries lie in dseBlobs.
  dseDatasetRevisions: defineTable({
    signatureId: v.string(),
    datasetHash: v.string(),
    counts: v.object({ train: v.number(), dev: v.number(), holdout: v.number(), canary: v.number() }),
    entriesBlobId: v.string(),
    createdAt: v.number(),
    /** Newest last: the current revision of a signature is the one with the largest `pinnedAt`. */
    pinnedAt: v.number(),
  })
    .index('by_hash', ['signatureId', 'datasetHash'])
    .index('by_pinned', ['signatureId', 'pinnedAt']),

  // Large texts in parts under one id: data set entries and, later, traces. Written once.
  dseBlobs: defineTable({ blobId: v.string(), part: v.number(), text: v.string() }).index('by_blob', [
    'blobId',
    'part',
  ]),
};
