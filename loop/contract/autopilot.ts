import * as z from 'zod';
import { deferred } from './deferred.ts';
import { hashSchema, idSchema, signatureIdSchema, timestampSchema } from './json.ts';
import { armSchema } from './receipt.ts';

export const sendRequestSchema = deferred(() =>
  z.strictObject({
    /** Omit to use the user's own thread. */
    threadId: idSchema.optional(),
    text: z.string().trim().min(1, 'must not be empty').max(4_000),
    /** Run this signature by its chat adapter, instead of SelectTool and Respond. */
    signatureId: signatureIdSchema.optional(),
  }),
);

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
    budgets: z.string(),
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
