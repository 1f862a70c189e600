import * as z from 'zod';
import { deferred } from './deferred.ts';
import { hashSchema, idSchema, signatureIdSchema, timestampSchema } from './json.ts';

/** Make the canary's artifact the active one. Every gate is checked on the server, in one transaction. */
export const promoteRequestSchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    runId: idSchema,
    canaryId: idSchema,
    /** Compare-and-set: the artifact the caller believes to be active. */
    expectedControlCompiledId: hashSchema,
    /** Live answers that the soak waits for, and how long it does. Milliseconds. */
    soakMessages: z.number().int().min(1).max(1_000_000).default(36),
    soakMs: z.number().int().min(1_000).max(86_400_000).default(600_000),
  }),
);

export const rollbackRequestSchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    runId: idSchema.optional(),
    reason: z.string().min(1).max(500),
    /** Roll back only if this artifact is active; repeating the call then changes nothing. */
    fromCompiledId: hashSchema,
  }),
);

export const activeArtifactSchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    compiledId: hashSchema,
    since: timestampSchema,
  }),
);
