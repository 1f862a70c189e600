import * as z from 'zod';
import { deferred } from './deferred.ts';
import { splitSchema } from './example.ts';
import { hashSchema, idSchema, jsonSchema, signatureIdSchema } from './json.ts';

const tagsSchema = deferred(() => z.array(z.string().min(1).max(64)).max(32));

/** Where a candidate came from. The owner is kept here to find the person, never in the row's content. */
export const provenanceSchema = deferred(() =>
  z.strictObject({
    receiptId: idSchema,
    compiledId: hashSchema,
    requestId: idSchema,
    opsRunId: idSchema.nullable(),
    unit: z.string().nullable(),
    /** Of the input that was really asked. */
    inputHash: hashSchema,
  }),
);
export type Provenance = z.infer<typeof provenanceSchema>;

/** Turns traffic into candidate rows. They wait for review: nothing learns or decides on them before. */
export const traceExportRequestSchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    /** Where the rows go if they are confirmed. */
    split: splitSchema.default('train'),
    tags: tagsSchema.default(['mined']),
    /** Tells what would be exported, and writes nothing. */
    dryRun: z.boolean().default(false),
    /** Receipts read by this call, newest first. */
    limit: z.number().int().min(1).max(200).default(100),
    cursor: z.string().optional(),
  }),
);

/** A row that waits for review, or was reviewed. */
export const candidateSchema = deferred(() =>
  z.strictObject({
    exampleId: idSchema,
    review: z.enum(['pending', 'confirmed', 'rejected']),
    inputJson: jsonSchema,
    /** What the artifact answered: a proposal, not a label. Null when it gave no answer. */
    proposedJson: jsonSchema,
    split: splitSchema,
    tags: z.array(z.string()),
    provenance: provenanceSchema,
    /** Who decided, and why; null while it waits. */
    decision: z
      .strictObject({ by: z.string(), source: z.enum(['person', 'labelled_source']), note: z.string() })
      .nullable(),
  }),
);
export type Candidate = z.infer<typeof candidateSchema>;

/** A receipt that makes no candidate, and why. */
export const skippedSchema = deferred(() =>
  z.strictObject({
    receiptId: idSchema,
    reason: z.enum([
      'not_traffic',
      'input_unknown',
      'input_invalid',
      'secret',
      'duplicate',
      'near_duplicate',
    ]),
    /** The row it repeats. */
    of: z.string().nullable(),
  }),
);
export type Skipped = z.infer<typeof skippedSchema>;

export const traceExportAnswerSchema = deferred(() =>
  z.strictObject({
    dryRun: z.boolean(),
    candidates: z.array(candidateSchema),
    skipped: z.array(skippedSchema),
    /** For the receipts after these; null at the end. */
    cursor: z.string().nullable(),
  }),
);

export const reviewListRequestSchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    review: z.enum(['pending', 'confirmed', 'rejected']).default('pending'),
    limit: z.coerce.number().int().min(1).max(200).default(100),
    cursor: z.string().optional(),
  }),
);

/** Decides on candidates, all or none. A confirmed one becomes a labelled row of a new revision. */
export const reviewRequestSchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    /** Who answers for these labels. */
    by: z.string().min(1).max(200),
    source: z.enum(['person', 'labelled_source']),
    decisions: z
      .array(
        z.discriminatedUnion('decision', [
          z.strictObject({
            exampleId: idSchema,
            decision: z.literal('confirm'),
            /** The right answer, whatever was proposed. */
            expectedJson: jsonSchema,
            split: splitSchema.optional(),
            tags: tagsSchema.optional(),
            note: z.string().max(1_000).default(''),
          }),
          z.strictObject({
            exampleId: idSchema,
            decision: z.literal('reject'),
            note: z.string().max(1_000).default(''),
          }),
        ]),
      )
      .min(1)
      .max(500),
  }),
);
export type ReviewRequest = z.infer<typeof reviewRequestSchema>;
