import * as z from 'zod';
import { RECAP_QUESTION } from '../catalog/recapBudgets.ts';
import { deferred } from './deferred.ts';
import { hashSchema, idSchema, signatureIdSchema, timestampSchema } from './json.ts';
import { armSchema } from './receipt.ts';

/** How much a recap may use. */
export const recapBudgetSchema = deferred(() => z.enum(['small', 'medium', 'long']));

export const sendRequestSchema = deferred(() =>
  z.strictObject({
    /** Omit to use the user's own thread. */
    threadId: idSchema.optional(),
    text: z.string().trim().min(1, 'must not be empty').max(4_000),
    /** Run this signature by its chat adapter, instead of SelectTool and Respond. */
    signatureId: signatureIdSchema.optional(),
  }),
);

/** Recap the user's thread; every field may be left out. */
export const recapRequestSchema = deferred(() =>
  z.strictObject({
    threadId: idSchema.optional(),
    question: z.string().trim().min(1, 'must not be empty').max(4_000).default(RECAP_QUESTION),
    strategy: z.enum(['direct.v1', 'rlm_lite.v1']).default('rlm_lite.v1'),
    budget: recapBudgetSchema.default('medium'),
  }),
);
export type RecapRequest = z.infer<typeof recapRequestSchema>;

/** What a message's signature card shows. */
export const signatureCardSchema = deferred(() =>
  z.strictObject({
    signatureId: z.string(),
    receiptId: idSchema,
    requestId: idSchema,
    compiledId: hashSchema,
    arm: armSchema,
    strategy: z.string(),
    model: z.string(),
    tool: z.string().nullable(),
    error: z.string().nullable(),
    ms: z.number(),
    /** Limits and use, in words. */
    budgets: z.string(),
    /** The rest is on newer cards only. Trace of the run, null when the strategy makes none. */
    traceId: idSchema.nullable().optional(),
    /** Budget that was chosen for a recap. */
    budget: recapBudgetSchema.optional(),
    counters: z
      .strictObject({
        lmCalls: z.number().int(),
        rlmIterations: z.number().int(),
        subLmCalls: z.number().int(),
        toolCalls: z.number().int(),
        repairs: z.number().int(),
        inputTokens: z.number().int(),
        outputTokens: z.number().int(),
      })
      .optional(),
  }),
);
export type SignatureCard = z.infer<typeof signatureCardSchema>;

/** One line of the NDJSON stream that answers `POST /api/autopilot/send`. */
export const sendEventSchema = deferred(() =>
  z.discriminatedUnion('type', [
    z.strictObject({
      type: z.literal('start'),
      threadId: idSchema,
      messageId: idSchema,
      requestId: idSchema,
    }),
    z.strictObject({ type: z.literal('card'), card: signatureCardSchema }),
    z.strictObject({ type: z.literal('change'), section: z.string(), text: z.string() }),
    /** A sign of life from work that takes long. */
    z.strictObject({ type: z.literal('progress'), text: z.string() }),
    z.strictObject({ type: z.literal('delta'), text: z.string() }),
    z.strictObject({ type: z.literal('done'), messageId: idSchema }),
    z.strictObject({ type: z.literal('error'), code: z.string(), message: z.string() }),
  ]),
);
export type SendEvent = z.infer<typeof sendEventSchema>;

export const threadMessageSchema = deferred(() =>
  z.strictObject({
    messageId: idSchema,
    role: z.enum(['user', 'assistant']),
    status: z.enum(['streaming', 'complete', 'failed']),
    text: z.string(),
    cards: z.array(signatureCardSchema),
    change: z.strictObject({ section: z.string(), text: z.string() }).nullable(),
    error: z.string().nullable(),
    at: timestampSchema,
  }),
);
export type ThreadMessage = z.infer<typeof threadMessageSchema>;
