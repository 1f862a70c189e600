import * as z from 'zod';
import { deferred } from './deferred.ts';
import { hashSchema, idSchema, jsonSchema, signatureIdSchema, timestampSchema } from './json.ts';
import { armSchema } from './receipt.ts';

/** Put the winner of a report on part of the users. */
export const canaryStartRequestSchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    runId: idSchema,
    reportId: idSchema,
    /** Share of users on the canary arm, in percent. */
    percent: z.number().min(1).max(90).default(50),
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
    percent: z.number(),
    status: z.enum(['running', 'stopped']),
    stopReason: z.string().nullable(),
    startedAt: timestampSchema,
    endsAt: timestampSchema,
    heartbeatAt: timestampSchema,
    counts: z.strictObject({ control: armCountsSchema, canary: armCountsSchema }),
    units: z.strictObject({ control: z.number().int(), canary: z.number().int() }),
    contaminatedUnits: z.number().int(),
    attestationMismatches: z.number().int(),
    verdict: canaryVerdictSchema,
  }),
);
export type CanaryView = z.infer<typeof canaryViewSchema>;
