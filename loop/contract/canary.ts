import * as z from 'zod';
import { USUAL_RAMP } from '../canary/ramp.ts';
import { deferred } from './deferred.ts';
import { hashSchema, idSchema, jsonSchema, signatureIdSchema, timestampSchema } from './json.ts';
import { armSchema } from './receipt.ts';

const rampSchema = deferred(() =>
  z
    .array(
      z.strictObject({
        /** Share of users on the canary arm. */
        percent: z.number().min(1).max(90),
        users: z.number().int().min(1).max(100_000),
        messagesPerUser: z.number().int().min(1).max(1_000),
      }),
    )
    .min(1)
    .max(10)
    .refine(
      steps => steps.every(({ percent }, i) => percent > (steps[i - 1]?.percent ?? 0)),
      'every step of a ramp must have a higher percent than the one before',
    ),
);

/** Put the winner of a report on part of the users. */
export const canaryStartRequestSchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    runId: idSchema,
    reportId: idSchema,
    /** The steps of the ramp with the traffic each waits for; the last one decides. */
    ramp: rampSchema.default(() => [...USUAL_RAMP]),
    salt: z.string().min(1).max(100).optional(),
    /** A canary that is still open after this time is stopped. Milliseconds. */
    maxDurationMs: z.number().int().min(1_000).max(86_400_000).default(3_600_000),
  }),
);

export const canaryStopRequestSchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    canaryId: idSchema.optional(),
    reason: z.string().min(1).max(500),
  }),
);

/** What the harness saw: which example it sent, which receipt and arm the page showed. The server judges correctness. */
export const canaryOutcomeRequestSchema = deferred(() =>
  z.strictObject({
    canaryId: idSchema,
    outcomes: z
      .array(
        z.strictObject({ receiptId: idSchema, exampleId: idSchema, armSeen: armSchema, requestId: idSchema }),
      )
      .min(1)
      .max(500),
  }),
);

export const armCountsSchema = deferred(() =>
  z.strictObject({
    n: z.number().int().nonnegative(),
    failures: z.number().int().nonnegative(),
    correct: z.number().int().nonnegative(),
    wrong: z.number().int().nonnegative(),
  }),
);
export type ArmCounts = z.infer<typeof armCountsSchema>;

const bothArmsSchema = deferred(() => z.strictObject({ control: armCountsSchema, canary: armCountsSchema }));

export const canaryVerdictSchema = deferred(() =>
  z.strictObject({
    verdict: z.enum(['pass', 'fail', 'hold']),
    code: z.string(),
    reasons: z.array(z.string()),
    evidence: jsonSchema,
  }),
);

export const canaryViewSchema = deferred(() =>
  z.strictObject({
    canaryId: idSchema,
    signatureId: signatureIdSchema,
    runId: idSchema,
    reportId: idSchema,
    controlCompiledId: hashSchema,
    canaryCompiledId: hashSchema,
    salt: z.string(),
    ramp: z.array(z.strictObject({ percent: z.number(), users: z.number(), messagesPerUser: z.number() })),
    /** The step that runs, from 0, and its share of users. */
    step: z.number().int(),
    stepStartedAt: timestampSchema,
    percent: z.number(),
    /** What the planned traffic can exclude, in words. */
    power: z.string(),
    status: z.enum(['running', 'stopped']),
    stopReason: z.string().nullable(),
    startedAt: timestampSchema,
    endsAt: timestampSchema,
    heartbeatAt: timestampSchema,
    /** Over all steps. */
    counts: bothArmsSchema,
    /** In the step that runs. */
    stepCounts: bothArmsSchema,
    units: z.strictObject({ control: z.number().int(), canary: z.number().int() }),
    contaminatedUnits: z.number().int(),
    attestationMismatches: z.number().int(),
    exercise: bothArmsSchema,
    verdict: canaryVerdictSchema,
  }),
);
export type CanaryView = z.infer<typeof canaryViewSchema>;

/** The watch over a promoted artifact. */
export const soakViewSchema = deferred(() =>
  z.strictObject({
    canaryId: idSchema,
    runId: idSchema,
    compiledId: hashSchema,
    fromCompiledId: hashSchema,
    status: z.enum(['open', 'ended']),
    /** Null while open. `unconfirmed`: it ended before enough answers had come, without harm; the artifact stays. */
    outcome: z.enum(['healthy', 'rolled_back', 'unconfirmed', 'superseded']).nullable(),
    reason: z.string(),
    served: z.strictObject({ n: z.number().int(), failures: z.number().int() }),
    planned: z.number().int(),
    startedAt: timestampSchema,
    endsAt: timestampSchema,
  }),
);
export type SoakView = z.infer<typeof soakViewSchema>;
