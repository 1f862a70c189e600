import { v } from 'convex/values';

/**
 * JSON that a zod schema in `loop/contract` defines and checks at the edge, kept as text so that key order, `$`
 * keys and hashes survive storage unchanged.
 */
export const vJsonText = v.string();

/** The last beat that a sweep of the watchdog found too old, and when it did. */
export const vSuspected = v.optional(v.object({ beat: v.number(), at: v.number() }));
