import * as z from 'zod';
import { deferred } from './deferred.ts';
import { hashSchema, idSchema, jsonSchema, signatureIdSchema, timestampSchema } from './json.ts';
import { artifactSchema } from './params.ts';

/** Start, or rejoin, the compile of a signature's job on its current data revision. */
export const compileRequestSchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    runId: idSchema.optional(),
  }),
);

export const jobStatusSchema = deferred(() => z.enum(['queued', 'running', 'done', 'failed', 'cancelled']));
export type JobStatus = z.infer<typeof jobStatusSchema>;

export const jobProgressSchema = deferred(() =>
  z.strictObject({
    phase: z.enum(['search', 'pick', 'gate', 'report']),
    candidates: z.number().int(),
    modelCalls: z.number().int(),
    cachedCalls: z.number().int(),
    tokens: z.number().int(),
    costUsd: z.number().nullable(),
    /** Best score so far on the split being searched, 0..1. */
    best: z.number().nullable(),
  }),
);
export type JobProgress = z.infer<typeof jobProgressSchema>;

export const compileJobSchema = deferred(() =>
  z.strictObject({
    jobId: idSchema,
    signatureId: signatureIdSchema,
    jobHash: hashSchema,
    datasetHash: hashSchema,
    controlCompiledId: hashSchema,
    /** The run that started it; null without one. */
    runId: z.string().nullable(),
    status: jobStatusSchema,
    progress: jobProgressSchema,
    startedAt: timestampSchema,
    finishedAt: timestampSchema.nullable(),
    stopReason: z.string().nullable(),
    error: z.strictObject({ code: z.string(), message: z.string() }).nullable(),
    reportId: idSchema.nullable(),
  }),
);
export type CompileJob = z.infer<typeof compileJobSchema>;

/** A score with its Wilson 95 % interval; all 0..1. */
export const scoreSchema = deferred(() =>
  z.strictObject({
    n: z.number().int(),
    mean: z.number(),
    low: z.number(),
    high: z.number(),
  }),
);
export type Score = z.infer<typeof scoreSchema>;

/** One candidate of a compile, with why it was chosen or dropped. */
export const candidateReportSchema = deferred(() =>
  z.strictObject({
    compiledId: hashSchema,
    origin: z.string(),
    /** Null unless it answered every row that it does not show. */
    train: scoreSchema.nullable(),
    dev: scoreSchema.nullable(),
    /** Calls that ended in an error and so count as wrong. */
    errors: z.number().int(),
    fewShots: z.array(z.string()),
    instruction: z.string(),
    verdict: z.enum(['control', 'winner', 'rejected']),
    why: z.string(),
  }),
);
export type CandidateReport = z.infer<typeof candidateReportSchema>;

/** A row on which nobody was judged, as today's artifact got no answer to it: always refused, or always hanging. */
export const setAsideSchema = deferred(() =>
  z.strictObject({
    exampleId: idSchema,
    split: z.enum(['train', 'dev', 'holdout']),
    errorCode: z.string(),
  }),
);
export type SetAside = z.infer<typeof setAsideSchema>;

/** One holdout example on which control and winner differ. */
export const flipSchema = deferred(() =>
  z.strictObject({
    exampleId: idSchema,
    input: jsonSchema,
    expected: jsonSchema,
    before: jsonSchema,
    after: jsonSchema,
    beforeReceiptId: idSchema.nullable(),
    afterReceiptId: idSchema.nullable(),
  }),
);
export type Flip = z.infer<typeof flipSchema>;

/** The one reading of the sealed holdout for a decision. */
export const gateReportSchema = deferred(() =>
  z.strictObject({
    passed: z.boolean(),
    code: z.string(),
    reason: z.string(),
    n: z.number().int(),
    before: z.number(),
    after: z.number(),
    gain: z.number(),
    interval: z.strictObject({ low: z.number(), high: z.number() }),
    pValue: z.number(),
    alpha: z.number(),
    /** Which opening of this data revision's holdout this was, from 1. */
    opening: z.number().int(),
    fixed: z.array(flipSchema),
    broken: z.array(flipSchema),
    perLabel: z.array(
      z.strictObject({ label: z.string(), n: z.number().int(), before: z.number(), after: z.number() }),
    ),
  }),
);
export type GateReport = z.infer<typeof gateReportSchema>;

/** The decision with all its figures, without the examples behind it: what a promotion keeps as its evidence. */
export const gateFiguresSchema = deferred(() => gateReportSchema.omit({ fixed: true, broken: true }));
export type GateFigures = z.infer<typeof gateFiguresSchema>;

/** The decision without the examples behind it. */
export const gateGlanceSchema = deferred(() =>
  gateReportSchema.pick({
    passed: true,
    code: true,
    reason: true,
    n: true,
    before: true,
    after: true,
    gain: true,
    interval: true,
  }),
);
export type GateGlance = z.infer<typeof gateGlanceSchema>;

export const compileReportSchema = deferred(() =>
  z.strictObject({
    reportId: idSchema,
    jobId: idSchema,
    jobHash: hashSchema,
    datasetHash: hashSchema,
    signatureId: signatureIdSchema,
    model: z.string(),
    /** The job as hashed: optimizers, reward, seed, search space. */
    spec: jsonSchema,
    controlCompiledId: hashSchema,
    winnerCompiledId: hashSchema,
    /** `improved`: winner differs from control and passed the gate. `kept`: it did not. */
    decision: z.enum(['improved', 'kept']),
    reason: z.string(),
    power: z.string(),
    splits: z.record(z.string(), z.number().int()),
    candidates: z.array(candidateReportSchema),
    gate: gateReportSchema.nullable(),
    /** Line diff of the rendered prompt, control to winner. */
    promptDiff: z.array(z.strictObject({ op: z.enum(['same', 'add', 'del']), text: z.string() })),
    setAside: z.array(setAsideSchema).default([]),
    /** Why the search ended: it was through, or at a limit. */
    stopReason: z.string().default('The search is complete.'),
    /** Content hash of all that was found, without ids, times and costs of this run: equal jobs on equal data have equal hashes. */
    reportHash: z.string().default(''),
    progress: jobProgressSchema,
    createdAt: timestampSchema,
    durationMs: z.number(),
  }),
);
export type CompileReport = z.infer<typeof compileReportSchema>;

export const compileJobViewSchema = deferred(() =>
  z.strictObject({
    job: compileJobSchema,
    report: compileReportSchema.nullable(),
    winner: artifactSchema.nullable(),
  }),
);
