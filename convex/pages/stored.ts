import * as z from 'zod';
import { deferred } from '../../loop/contract/deferred.ts';
import { type Json, jsonSchema } from '../../loop/contract/json.ts';
import { nightGlanceSchema, nightResultSchema, testCountsSchema } from '../../loop/contract/opsRun.ts';

/** Collects what could not be read, so that a page says so instead of leaving it out. */
export type Problems = string[];

/** Stored JSON text checked against its contract; null, and a problem, when it does not fit. */
export function readStored<Schema extends z.ZodType>(
  schema: Schema,
  text: string,
  what: string,
  problems: Problems,
): z.output<Schema> | null {
  const parsed = schema.safeParse(jsonOf(text));
  if (parsed.success) return parsed.data;
  problems.push(`${what} does not fit its contract and is not shown: ${z.prettifyError(parsed.error)}`);
  return null;
}

/** Any stored JSON text; the text itself when it is not JSON. */
export function readJson(text: string): Json {
  return jsonSchema.catch(text).parse(jsonOf(text));
}

/** What the end of a run leaves behind. */
export const runSummarySchema = deferred(() =>
  z.looseObject({
    counts: testCountsSchema.optional(),
    failingTests: z.array(z.string()).default([]),
    durationMs: z.number().optional(),
    status: z.string().optional(),
    result: nightResultSchema.nullable().optional(),
    glance: nightGlanceSchema.nullable().optional(),
  }),
);
export type RunSummary = z.infer<typeof runSummarySchema>;

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
