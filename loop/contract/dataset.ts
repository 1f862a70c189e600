import * as z from 'zod';
import { deferred } from './deferred.ts';
import { splitSchema } from './example.ts';
import { hashSchema, idSchema, signatureIdSchema, timestampSchema } from './json.ts';

const rowCount = () => z.number().int().nonnegative();

/** Which revisions to compare: `to` is the newest and `from` the one before it, unless they are named. */
export const datasetQuerySchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    from: hashSchema.optional(),
    to: hashSchema.optional(),
  }),
);

/** A pinned revision. */
export const revisionSchema = deferred(() =>
  z.strictObject({
    datasetHash: hashSchema,
    counts: z.record(splitSchema, rowCount()),
    createdAt: timestampSchema,
    pinnedAt: timestampSchema,
  }),
);
export type Revision = z.infer<typeof revisionSchema>;

/** One row that is not what it was. A row that moved and changed too is `moved`. */
export const rowChangeSchema = deferred(() =>
  z.strictObject({
    exampleId: idSchema,
    kind: z.enum(['added', 'removed', 'changed', 'moved']),
    fromSplit: splitSchema.nullable(),
    toSplit: splitSchema.nullable(),
    fromLabel: z.string().nullable(),
    toLabel: z.string().nullable(),
    /** What the row is about, before and after; null for a row of the holdout, whose texts stay sealed, and where there is none. */
    fromText: z.string().nullable(),
    toText: z.string().nullable(),
  }),
);
export type RowChange = z.infer<typeof rowChangeSchema>;

/** Rows of one label in each split of the newer revision, and in the whole older one. */
export const labelCountSchema = deferred(() =>
  z.strictObject({
    label: z.string(),
    before: rowCount(),
    after: rowCount(),
    bySplit: z.record(splitSchema, rowCount()),
  }),
);
export type LabelCount = z.infer<typeof labelCountSchema>;

/** How a revision differs from another. Distances are Jensen-Shannon, base 2: 0 is equal, 1 has nothing in common. */
export const driftSchema = deferred(() =>
  z.strictObject({
    from: hashSchema.nullable(),
    to: hashSchema,
    added: rowCount(),
    removed: rowCount(),
    changed: rowCount(),
    moved: rowCount(),
    same: rowCount(),
    labels: z.array(labelCountSchema),
    /** Null without an older revision. */
    labelDistance: z.number().min(0).max(1).nullable(),
    textDistance: z.number().min(0).max(1).nullable(),
    /** Share of the words in the newer revision, 0 to 1, that no row of the older one has. */
    newWordShare: z.number().min(0).max(1).nullable(),
    /** Holdout rows that were train or dev rows before: the search has seen them. */
    leakedToHoldout: rowCount(),
    changes: z.array(rowChangeSchema),
    /** Changes that are not in `changes`, which holds the first 200. */
    changesLeftOut: rowCount(),
  }),
);
export type Drift = z.infer<typeof driftSchema>;

/** The revisions of a data set, newest first, and the drift between two of them. */
export const datasetViewSchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    revisions: z.array(revisionSchema),
    drift: driftSchema.nullable(),
  }),
);
export type DatasetView = z.infer<typeof datasetViewSchema>;
