import * as z from 'zod';
import { deferred } from './deferred.ts';
import { idSchema, jsonSchema } from './json.ts';

/** train searches, dev picks among finalists, holdout judges once, canary makes live traffic. */
export const splitSchema = deferred(() => z.enum(['train', 'dev', 'holdout', 'canary']));
export type Split = z.infer<typeof splitSchema>;

/** One labelled row, as it stands in a JSONL data set and in an import. */
export const exampleSchema = deferred(() =>
  z.strictObject({
    exampleId: idSchema,
    inputJson: jsonSchema,
    expectedJson: jsonSchema,
    split: splitSchema,
    tags: z.array(z.string().min(1).max(64)).max(32).default([]),
    meta: z.record(z.string(), jsonSchema).default({}),
  }),
);
export type Example = z.infer<typeof exampleSchema>;
