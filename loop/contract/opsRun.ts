import * as z from 'zod';
import { armCountsSchema } from './canary.ts';
import { gateGlanceSchema } from './compile.ts';
import { deferred } from './deferred.ts';
import { idSchema, jsonSchema, signatureIdSchema, timestampSchema } from './json.ts';
import { phases } from './phase.ts';

export const phaseSchema = deferred(() => z.enum(phases));

export const verdictSchema = deferred(() => z.enum(['promoted', 'kept', 'stopped', 'rolled_back', 'failed']));
export type NightVerdict = z.infer<typeof verdictSchema>;

/** How one attempt of one test ended. `did_not_run` is never the same as `skipped` on purpose. */
export const testOutcomeSchema = deferred(() =>
  z.enum(['passed', 'failed', 'flaky', 'skipped', 'did_not_run', 'interrupted']),
);
export type TestOutcome = z.infer<typeof testOutcomeSchema>;

/** One HTTP exchange seen by a test. */
export const seenRequestSchema = deferred(() =>
  z.strictObject({
    requestId: idSchema,
    method: z.string().max(16),
    path: z.string().max(500),
    status: z.number().int(),
    /** When the answer was seen. */
    at: timestampSchema.optional(),
  }),
);
export type SeenRequest = z.infer<typeof seenRequestSchema>;

/** Playwright's own word for how a test ended, or should end. */
export const testStatusSchema = deferred(() =>
  z.enum(['passed', 'failed', 'timedOut', 'skipped', 'interrupted']),
);

/** One attempt of one test. */
export const testFactsSchema = deferred(() =>
  z.strictObject({
    testId: idSchema,
    title: z.string().max(500),
    file: z.string().max(300),
    project: z.string().max(100),
    tags: z.array(z.string().max(64)).max(32),
    retry: z.number().int().min(0),
    outcome: testOutcomeSchema,
    durationMs: z.number().nonnegative(),
    errors: z.array(z.string().max(2_100)).max(5),
    requests: z.array(seenRequestSchema).max(1_000),
    /** How many requests the test made in all; more than `requests.length` when the list was cut. */
    requestCount: z.number().int().min(0),
    /** Absent, like the fields below, when the test never ran or an older reporter told of it. */
    status: testStatusSchema.optional(),
    expectedStatus: testStatusSchema.optional(),
    /** Attempts the test may have after its first. */
    retries: z.number().int().min(0).optional(),
    /** Unique number of the worker process; `parallelIndex` is its place among those that ran at once. */
    workerIndex: z.number().int().optional(),
    parallelIndex: z.number().int().optional(),
    /** `2/3` for the second of three shards. */
    shard: z.string().max(20).optional(),
    annotations: z
      .array(z.strictObject({ type: z.string().max(100), description: z.string().max(500).optional() }))
      .max(32)
      .optional(),
    /** The last of what the test printed; what was cut before it is said. */
    stdout: z.string().max(2_000).optional(),
    stderr: z.string().max(2_000).optional(),
    /** Position of the attempt in its process; with a resumed run a later attempt replaces an earlier one of the same test. */
    at: timestampSchema,
  }),
);
export type TestFacts = z.infer<typeof testFactsSchema>;

/** A file or text that a test attached. Small ones of chosen types come with their body, others by reference. */
export const attachmentFactsSchema = deferred(() =>
  z.strictObject({
    testId: idSchema,
    retry: z.number().int().min(0),
    name: z.string().max(300),
    contentType: z.string().max(200),
    /** Bytes of the original, and their hash; null when its file is gone. */
    size: z.number().int().nullable(),
    sha256: z.string().length(64).nullable(),
    /** Where the original lies, relative to the project; null when it was never a file. */
    path: z.string().max(500).nullable(),
    /** Why there is no body, or in what it differs from the original. */
    note: z.string().max(200).nullable(),
    /** The server keeps it as a blob and stores `blobId` in its place. */
    body: z.strictObject({ encoding: z.enum(['utf8', 'base64']), text: z.string().max(400_000) }).optional(),
  }),
);
export type AttachmentFacts = z.infer<typeof attachmentFactsSchema>;

/** Something that happened in a run. `eventId` makes redelivery harmless; `seq` orders events of one source. */
const eventBase = () => ({
  eventId: z.string().min(1).max(200),
  source: z.string().min(1).max(100),
  seq: z.number().int().min(0),
  at: timestampSchema,
  message: z.string().max(2_000),
});

export const opsEventSchema = deferred(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({
      ...eventBase(),
      kind: z.enum(['run', 'test_begin', 'step_failed', 'note']),
      data: jsonSchema,
    }),
    z.strictObject({ ...eventBase(), kind: z.literal('phase'), phase: phaseSchema, data: jsonSchema }),
    z.strictObject({ ...eventBase(), kind: z.literal('test_end'), data: testFactsSchema }),
    z.strictObject({ ...eventBase(), kind: z.literal('attachment'), data: attachmentFactsSchema }),
  ]),
);
export type OpsEvent = z.infer<typeof opsEventSchema>;

/** Counts of tests by outcome, last attempt of each test. */
export const testCountsSchema = deferred(() =>
  z.strictObject({
    passed: z.number().int(),
    failed: z.number().int(),
    flaky: z.number().int(),
    skipped: z.number().int(),
    did_not_run: z.number().int(),
    interrupted: z.number().int(),
  }),
);
export type TestCounts = z.infer<typeof testCountsSchema>;

/** What `OVERNIGHT_RESULT` prints: the outcome of one night, for agents and scripts. */
export const nightResultSchema = deferred(() =>
  z.strictObject({
    runId: idSchema,
    verdict: verdictSchema,
    reason: z.string(),
    signatureId: signatureIdSchema,
    holdout: z
      .strictObject({ n: z.number().int(), before: z.number(), after: z.number(), pValue: z.number() })
      .nullable(),
    compile: z
      .strictObject({
        candidates: z.number().int(),
        modelCalls: z.number().int(),
        cachedCalls: z.number().int(),
        tokens: z.number().int(),
      })
      .nullable(),
    canary: z.strictObject({ control: armCountsSchema, canary: armCountsSchema }).nullable(),
    url: z.string(),
  }),
);
export type NightResult = z.infer<typeof nightResultSchema>;

/** What lists of nights show of the compile: kept with the end of a night, so that a list reads no report. */
export const nightGlanceSchema = deferred(() =>
  z.strictObject({
    gate: gateGlanceSchema.nullable(),
    modelCalls: z.number().int(),
    /** United States dollars; null when no price is known. */
    costUsd: z.number().nullable(),
  }),
);
export type NightGlance = z.infer<typeof nightGlanceSchema>;

/** Begin or rejoin a run. With `signatureId` the run also takes, or renews, that signature's lease. */
export const opsRunStartRequestSchema = deferred(() =>
  z.strictObject({
    runId: idSchema,
    signatureId: signatureIdSchema.optional(),
    /** Free facts about the runner: commit, CI job, Playwright version. */
    facts: z.record(z.string(), jsonSchema).default({}),
    /** Told for a process that is gone: the run is begun if nobody knows it, and one that has ended stays ended. */
    late: z.boolean().optional(),
    /** When the process began, by its own clock; milliseconds since 1970. One that began after the run had decided is no part of it. */
    begunAt: z.number().optional(),
  }),
);

export const opsRunEventRequestSchema = deferred(() =>
  z.strictObject({
    runId: idSchema,
    events: z.array(opsEventSchema).min(1).max(500),
  }),
);

export const opsRunFinishRequestSchema = deferred(() =>
  z.strictObject({
    runId: idSchema,
    counts: testCountsSchema,
    failingTests: z.array(z.string().max(700)).max(200),
    durationMs: z.number().nonnegative(),
    /** Set by each shard of a run: the run ends when the last of them has ended. */
    shard: z
      .strictObject({ current: z.number().int().min(1), total: z.number().int().min(1).max(1_000) })
      .optional(),
    /** How the runner itself ended. */
    status: z.enum(['passed', 'failed', 'timedout', 'interrupted']),
  }),
);
