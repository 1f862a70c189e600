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
    /** Model calls of every role, repairs included. */
    maxLmCalls: z.number().int().min(1).max(1_000),
    /** Characters of one model answer. */
    maxOutputChars: z.number().int().min(1).max(200_000),
    /** Characters of one prompt; a longer one is refused as `context_too_long`. Without it the model's own window is the limit. */
    maxPromptChars: z.number().int().min(1_000).max(4_000_000).optional(),
    /** Tool calls of a controller; without it there are none. */
    maxToolCalls: z.number().int().min(0).max(100).optional(),
    /** Turns of the `rlm_lite.v1` controller. That strategy refuses to run without it. */
    maxRlmIterations: z.number().int().min(1).max(100).optional(),
    /** Calls of the sub model from the controller. `rlm_lite.v1` refuses to run without it. */
    maxSubLmCalls: z.number().int().min(0).max(1_000).optional(),
  }),
);
export type Budgets = z.infer<typeof budgetsSchema>;

/** How the `rlm_lite.v1` kernel cuts and reads long context. */
export const rlmLiteSchema = deferred(() =>
  z.strictObject({
    /** Characters of one chunk, and the overlap with the one before. */
    chunkChars: z.number().int().min(200).max(100_000),
    overlapChars: z.number().int().min(0).max(10_000),
    /** Sub calls of one fan-out that run at the same time. */
    parallel: z.number().int().min(1).max(32),
    /** Characters that one observation may show to the controller. */
    observationChars: z.number().int().min(100).max(50_000),
  }),
);
export type RlmLite = z.infer<typeof rlmLiteSchema>;

/** Everything a compile may choose for a signature. */
export const paramsSchema = deferred(() =>
  z.strictObject({
    /** `direct.v1`: one prompt. `rlm_lite.v1`: a bounded controller over variables; needs `rlmLite` and its two budgets. */
    strategy: z.enum(['direct.v1', 'rlm_lite.v1']),
    instruction: z.string().min(1).max(20_000),
    /** In prompt order. Empty means zero-shot. */
    fewShots: z.array(fewShotSchema).max(64),
    /** Model ids by role. */
    models: z.strictObject({
      main: z.string().min(1),
      sub: z.string().min(1),
      repair: z.string().min(1),
      judge: z.string().min(1),
    }),
    decode: z.strictObject({
      /** `strict_json`: the answer is one JSON value. `jsonish`: the first JSON value found in it. `text`: taken as it is. */
      policy: z.enum(['strict_json', 'jsonish', 'text']),
      maxRepairs: z.number().int().min(0).max(3),
    }),
    /** Names of the tools a controller may call; empty allows none. */
    tools: z.array(z.string().min(1).max(64)).max(32),
    rlmLite: rlmLiteSchema.nullable(),
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
