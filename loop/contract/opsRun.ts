import * as z from 'zod';
import { armCountsSchema } from './canary.ts';
import { gateGlanceSchema } from './compile.ts';
import { deferred } from './deferred.ts';
import { idSchema, jsonSchema, signatureIdSchema, timestampSchema } from './json.ts';

export const phaseSchema = deferred(() =>
  z.enum(['preflight', 'seed', 'compile', 'canary', 'evidence', 'promote', 'soak']),
);
export type Phase = z.infer<typeof phaseSchema>;

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
  }),
);
export type SeenRequest = z.infer<typeof seenRequestSchema>;

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
    /** Position of the attempt in its process; with a resumed run a later attempt replaces an earlier one of the same test. */
    at: timestampSchema,
  }),
);
export type TestFacts = z.infer<typeof testFactsSchema>;

/** Something that happened in a run. `eventId` makes redelivery harmless; `seq` orders events of one source. */
const eventBase = {
  eventId: z.string().min(1).max(200),
  source: z.string().min(1).max(100),
  seq: z.number().int().min(0),
  at: timestampSchema,
  message: z.string().max(2_000),
};

export const opsEventSchema = deferred(() =>
  z.discriminatedUnion('kind', [
    z.strictObject({ ...eventBase, kind: z.literal('run'), data: jsonSchema }),
    z.strictObject({ ...eventBase, kind: z.literal('phase'), phase: phaseSchema, data: jsonSchema }),
    z.strictObject({ ...eventBase, kind: z.literal('test_begin'), data: jsonSchema }),
    z.strictObject({ ...eventBase, kind: z.literal('test_end'), data: testFactsSchema }),
    z.strictObject({ ...eventBase, kind: z.literal('step_failed'), data: jsonSchema }),
    z.strictObject({ ...eventBase, kind: z.literal('attachment'), data: jsonSchema }),
    z.strictObject({ ...eventBase, kind: z.literal('note'), data: jsonSchema }),
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
    /** How the runner itself ended. */
    status: z.enum(['passed', 'failed', 'timedout', 'interrupted']),
  }),
);
