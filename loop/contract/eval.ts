import * as z from 'zod';
import { jobStatusSchema, scoreSchema } from './compile.ts';
import { deferred } from './deferred.ts';
import { hashSchema, idSchema, signatureIdSchema, timestampSchema } from './json.ts';

/**
 * What to evaluate an artifact on. `anchors` are all rows of a judge but its holdout. `holdout` is always refused: only the gate of a
 * compile opens it.
 */
export const evalSplitSchema = deferred(() => z.enum(['train', 'dev', 'canary', 'anchors', 'holdout']));
export type EvalSplit = z.infer<typeof evalSplitSchema>;

/** Start, or rejoin, the evaluation of one artifact on one split of the current data revision. */
export const evalRequestSchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    /** A `compiled_id`; or `active`, what traffic runs; or `default`, what the signature starts from. A judge runs pinned. */
    artifact: z.union([hashSchema, z.enum(['active', 'default'])]).default('active'),
    split: evalSplitSchema,
    runId: idSchema.optional(),
  }),
);

export const evalProgressSchema = deferred(() =>
  z.strictObject({
    rows: z.number().int(),
    modelCalls: z.number().int(),
    /** Rows that the ledger of earlier calls answered. */
    cachedCalls: z.number().int(),
    tokens: z.number().int(),
    costUsd: z.number().nullable(),
  }),
);

/** An evaluation: durable, and the same one for everybody who asks for the same. */
export const evalJobSchema = deferred(() =>
  z.strictObject({
    evalId: idSchema,
    signatureId: signatureIdSchema,
    compiledId: hashSchema,
    datasetHash: hashSchema,
    split: evalSplitSchema,
    status: jobStatusSchema,
    progress: evalProgressSchema,
    startedAt: timestampSchema,
    finishedAt: timestampSchema.nullable(),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
  }),
);
export type EvalJob = z.infer<typeof evalJobSchema>;

/** One row of an evaluation. Texts are cut where they are long, and say so. */
export const evalRowSchema = deferred(() =>
  z.strictObject({
    exampleId: idSchema,
    tags: z.array(z.string()),
    score: z.number().min(0).max(1),
    errorCode: z.string().nullable(),
    receiptId: idSchema.nullable(),
    input: z.string(),
    expected: z.string(),
    output: z.string().nullable(),
    notes: z.string().nullable(),
  }),
);
export type EvalRow = z.infer<typeof evalRowSchema>;

const estimateSchema = deferred(() =>
  z.strictObject({
    value: z.number(),
    interval: z.strictObject({ low: z.number(), high: z.number(), confidence: z.number() }),
  }),
);

/** An anchor: a summary whose quality is known, and the judge's score for it. Tags say `good`, or what is wrong. */
export const anchorScoreSchema = deferred(() =>
  z.strictObject({
    exampleId: idSchema,
    tags: z.array(z.string()),
    /** The label, 0 to 1. */
    expected: z.number(),
    /** The judge's score, 0 to 1. */
    score: z.number(),
  }),
);
export type AnchorScore = z.infer<typeof anchorScoreSchema>;

/** How far a judge agrees with the labels of its anchors. */
export const agreementSchema = deferred(() =>
  z.strictObject({
    n: z.number().int(),
    /** Rank correlation of scores and labels, -1 to 1. */
    ranks: estimateSchema.nullable(),
    /** `good` first, then the faults. */
    byTag: z.array(
      z.strictObject({
        tag: z.string(),
        n: z.number().int(),
        meanExpected: z.number(),
        meanScore: z.number(),
        /** The chance that a good anchor scores above one with this fault; null for `good` itself, or without good anchors. */
        toldApart: estimateSchema.nullable(),
      }),
    ),
  }),
);
export type Agreement = z.infer<typeof agreementSchema>;

/** What an evaluation found. */
export const evalReportSchema = deferred(() =>
  z.strictObject({
    evalId: idSchema,
    signatureId: signatureIdSchema,
    compiledId: hashSchema,
    datasetHash: hashSchema,
    split: evalSplitSchema,
    reward: z.string(),
    /** Whether scores are right or wrong, or grades between. */
    kind: z.enum(['exact', 'graded']),
    model: z.string(),
    judge: z.strictObject({ compiledId: hashSchema, model: z.string() }).nullable(),
    score: scoreSchema,
    /** Rows without a usable answer; they score 0. */
    errors: z.number().int(),
    /** Rows that the artifact shows as few-shots: left out of the score, since it has seen their answers. */
    shown: z.array(z.string()),
    perLabel: z.array(z.strictObject({ label: z.string(), n: z.number().int(), mean: z.number() })),
    /** Every row, lowest score first. */
    rows: z.array(evalRowSchema),
    /** Of a judge on its anchors. */
    anchors: z.strictObject({ agreement: agreementSchema, scores: z.array(anchorScoreSchema) }).nullable(),
    progress: evalProgressSchema,
    createdAt: timestampSchema,
    durationMs: z.number(),
  }),
);
export type EvalReport = z.infer<typeof evalReportSchema>;

export const evalViewSchema = deferred(() =>
  z.strictObject({ eval: evalJobSchema, report: evalReportSchema.nullable() }),
);
