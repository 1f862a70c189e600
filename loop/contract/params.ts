import * as z from 'zod';
import { deferred } from './deferred.ts';
import { hashSchema, idSchema, jsonSchema, signatureIdSchema } from './json.ts';

/** One worked example shown to the model: a whole row, kept in the artifact. */
export const fewShotSchema = deferred(() =>
  z.strictObject({ exampleId: idSchema, input: jsonSchema, output: jsonSchema }),
);
export type FewShot = z.infer<typeof fewShotSchema>;

/** Limits of one predict. Enforced while the call runs, by abort. */
export const budgetsSchema = deferred(() =>
  z.strictObject({
    /** Wall time of the whole predict, repairs included, in milliseconds. */
    maxTimeMs: z.number().int().min(1).max(600_000),
    /** Model calls, repairs included. */
    maxLmCalls: z.number().int().min(1).max(100),
    /** Characters of one model answer. */
    maxOutputChars: z.number().int().min(1).max(200_000),
  }),
);
export type Budgets = z.infer<typeof budgetsSchema>;

/** Everything a compile may choose for a signature. */
export const paramsSchema = deferred(() =>
  z.strictObject({
    strategy: z.enum(['direct.v1']),
    instruction: z.string().min(1).max(20_000),
    /** In prompt order. Empty means zero-shot. */
    fewShots: z.array(fewShotSchema).max(64),
    /** Model ids by role. */
    models: z.strictObject({ main: z.string().min(1), repair: z.string().min(1) }),
    decode: z.strictObject({
      /** `strict_json`: the answer is one JSON value. `jsonish`: the first JSON value found in it. `text`: taken as it is. */
      policy: z.enum(['strict_json', 'jsonish', 'text']),
      maxRepairs: z.number().int().min(0).max(3),
    }),
    budgets: budgetsSchema,
  }),
);
export type Params = z.infer<typeof paramsSchema>;

/** A full, immutable choice of params for a signature. Its `compiled_id` is the content hash of the whole. */
export const artifactSchema = deferred(() =>
  z.strictObject({
    format: z.literal('openagents.dse.compiled_artifact'),
    formatVersion: z.literal(1),
    signatureId: signatureIdSchema,
    inputSchemaHash: hashSchema,
    outputSchemaHash: hashSchema,
    promptIrHash: hashSchema,
    params: paramsSchema,
  }),
);
export type Artifact = z.infer<typeof artifactSchema>;
