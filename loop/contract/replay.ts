import * as z from 'zod';
import { deferred } from './deferred.ts';
import { idSchema, signatureIdSchema } from './json.ts';

/** A decision of a night beside what its stored rows lead to today. */
export const replayedDecisionSchema = deferred(() =>
  z.strictObject({
    decision: z.string(),
    /** What the night wrote down, and what was recomputed, in words. */
    stored: z.string(),
    recomputed: z.string(),
    /** `cannot`: what it takes is not there any more, such as the code the night ran. */
    outcome: z.enum(['ok', 'differs', 'cannot']),
    /** Where they differ, or why nothing can be recomputed; null when they agree. */
    why: z.string().nullable(),
  }),
);
export type ReplayedDecision = z.infer<typeof replayedDecisionSchema>;

/** Every decision of a night, replayed. */
export const replaySchema = deferred(() =>
  z.strictObject({
    runId: idSchema,
    signatureId: signatureIdSchema,
    /** Every decision was recomputed and is what was stored. */
    agrees: z.boolean(),
    decisions: z.array(replayedDecisionSchema),
  }),
);
export type Replay = z.infer<typeof replaySchema>;
