import * as z from 'zod';
import { deferred } from './deferred.ts';
import { hashSchema, idSchema, jsonSchema, signatureIdSchema, timestampSchema } from './json.ts';
import { budgetsSchema } from './params.ts';

/** Which arm of a canary answered; `none` when no canary was open. */
export const armSchema = deferred(() => z.enum(['control', 'canary', 'none']));
export type Arm = z.infer<typeof armSchema>;

/** Where a token count comes from: the provider, our own estimate, or nowhere. */
export const usageMarkSchema = deferred(() => z.enum(['exact', 'estimated', 'unknown']));

/** One model call of a predict. */
export const lmCallSchema = deferred(() =>
  z.strictObject({
    role: z.enum(['main', 'sub', 'repair', 'judge']),
    configuredModel: z.string(),
    /** The model that answered, as the provider names it; null when none did. */
    actualModel: z.string().nullable(),
    fallbackUsed: z.boolean(),
    /** HTTP requests, retries and hedges included; 0 when the circuit breaker let none go. */
    attempts: z.number().int().nonnegative(),
    startedAt: timestampSchema,
    ms: z.number().nonnegative(),
    /** Null, not 0, where nobody counted. */
    usage: z.strictObject({
      inputTokens: z.number().int().nullable(),
      outputTokens: z.number().int().nullable(),
      mark: usageMarkSchema,
    }),
    error: z.string().nullable(),
  }),
);
export type LmCall = z.infer<typeof lmCallSchema>;

/** Why a predict has no output. */
export const predictErrorCodeSchema = deferred(() =>
  z.enum([
    'artifact_incompatible',
    'input_invalid',
    'decode_failed',
    'budget_exceeded',
    'context_too_long',
    'timeout',
    'cancelled',
    'model_unreachable',
    'model_rate_limited',
    'model_error',
    /** A defect of our own code. */
    'internal',
    /** The server stopped in the middle: what was used is not known, and counts are lower bounds. */
    'interrupted',
  ]),
);
export type PredictErrorCode = z.infer<typeof predictErrorCodeSchema>;

export const predictResultSchema = deferred(() =>
  z.discriminatedUnion('ok', [
    z.strictObject({ ok: z.literal(true), output: jsonSchema }),
    z.strictObject({
      ok: z.literal(false),
      error: z.strictObject({ code: predictErrorCodeSchema, message: z.string() }),
    }),
  ]),
);
export type PredictResult = z.infer<typeof predictResultSchema>;

/** The record of one predict. Made by the server, written once by `receiptId`. */
export const receiptSchema = deferred(() =>
  z.strictObject({
    format: z.literal('openagents.dse.predict_receipt'),
    formatVersion: z.literal(1),
    receiptId: idSchema,
    /** What asked for the prediction. */
    purpose: z.enum(['chat', 'recap', 'gate', 'eval', 'exercise']),
    opsRunId: idSchema.nullable(),
    requestId: idSchema,
    threadId: idSchema.nullable(),
    /** The unit of assignment: the user. */
    unit: z.string().nullable(),
    signatureId: signatureIdSchema,
    compiledId: hashSchema,
    canaryId: idSchema.nullable(),
    arm: armSchema,
    bucket: z.number().int().min(0).max(9_999).nullable(),
    strategy: z.string(),
    hashes: z.strictObject({
      input: hashSchema,
      output: hashSchema.nullable(),
      inputSchema: hashSchema,
      outputSchema: hashSchema,
      promptIr: hashSchema,
      renderedPrompt: hashSchema.nullable(),
      params: hashSchema,
    }),
    provider: z.string(),
    calls: z.array(lmCallSchema),
    /** Sums of what is known. Marked `unknown` when a call has no count: then they are a lower bound. */
    usage: z.strictObject({
      inputTokens: z.number().int(),
      outputTokens: z.number().int(),
      mark: usageMarkSchema,
    }),
    /** United States dollars; null when the model has no known price. */
    costUsd: z.number().nonnegative().nullable(),
    startedAt: timestampSchema,
    ms: z.number().nonnegative(),
    render: z.strictObject({
      messages: z.number().int(),
      chars: z.number().int(),
      fewShots: z.number().int(),
    }),
    /** Share used, 0..1, of the tighter one of `maxPromptChars` by the longest prompt and `maxOutputChars` by the longest answer. */
    contextPressure: z.number().min(0),
    repairs: z.number().int().nonnegative(),
    budgets: z.strictObject({
      limits: budgetsSchema,
      used: z.strictObject({
        timeMs: z.number(),
        lmCalls: z.number().int(),
        outputChars: z.number().int(),
        /** Longest prompt. Receipts of older versions have none. */
        promptChars: z.number().int().optional(),
        toolCalls: z.number().int(),
        rlmIterations: z.number().int(),
        subLmCalls: z.number().int(),
      }),
    }),
    traceId: idSchema.nullable(),
    result: predictResultSchema,
  }),
);
export type Receipt = z.infer<typeof receiptSchema>;
