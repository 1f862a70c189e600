import * as z from 'zod';
import { deferred } from './deferred.ts';
import { hashSchema, idSchema, jsonSchema, signatureIdSchema } from './json.ts';
import { armSchema, predictResultSchema } from './receipt.ts';

/** A user without a browser, by name. Its bucket, and so its arm, follow from the name as any user's do. */
const exerciserSchema = deferred(() => z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/));

export const exerciseThreadRequestSchema = deferred(() => z.strictObject({ exerciser: exerciserSchema }));

export const exerciseThreadSchema = deferred(() =>
  z.strictObject({ userId: idSchema, threadId: idSchema, created: z.boolean() }),
);

/** One predict that no user asked for. The same sample of the same exerciser is made once per canary, however often it is asked for. */
export const exercisePredictRequestSchema = deferred(() =>
  z.strictObject({
    signatureId: signatureIdSchema,
    exerciser: exerciserSchema,
    sampleId: idSchema,
    runId: idSchema.optional(),
    /** A row of the canary split: its input is asked, and its label says whether the answer is right. */
    exampleId: idSchema,
  }),
);

export const exercisedSchema = deferred(() =>
  z.strictObject({
    receiptId: idSchema,
    canaryId: idSchema.nullable(),
    arm: armSchema,
    compiledId: hashSchema,
    result: predictResultSchema,
    correct: z.boolean(),
    /** Made before: no model was asked, and nothing counted. */
    repeated: z.boolean(),
    /** What the canary has counted of exercises, apart from its traffic; null without a canary. */
    exercise: jsonSchema.nullable(),
  }),
);
