import * as z from 'zod';
import { deferred } from './deferred.ts';

export type Json = string | number | boolean | null | Json[] | { [name: string]: Json };

/** JSON text may nest deeper than code that walks it can follow. */
const DEEPEST_JSON = 100;

/** Any JSON value. Used where a signature, not the API, decides the shape. One function checks it: every call builds its schemas anew. */
export const jsonSchema = deferred(() =>
  z.custom<Json>(value => isJson(value, DEEPEST_JSON), `must be JSON, nested at most ${DEEPEST_JSON} deep`),
);

function isJson(value: unknown, deepest: number): boolean {
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return true;
  if (typeof value === 'number') return Number.isFinite(value);
  if (typeof value !== 'object' || deepest === 0) return false;
  return Object.values(value).every(item => isJson(item, deepest - 1));
}

/** A short identifier that is safe in URLs, headers and logs. */
export const idSchema = deferred(() =>
  z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9_.:@-]{0,127}$/, 'must be 1-128 characters of A-Z a-z 0-9 _ . : @ -'),
);

/** `sha256:` and 64 lower-case hexadecimal digits. */
export const hashSchema = deferred(() =>
  z.string().regex(/^sha256:[0-9a-f]{64}$/, 'must be sha256: and 64 hex digits'),
);

/** A signature id such as `@openagents/autopilot/blueprint/SelectTool.v1`. */
export const signatureIdSchema = deferred(() =>
  z.string().regex(/^@[a-z0-9-]+(\/[A-Za-z0-9-]+)+\.v\d+$/, 'must look like @scope/path/Name.v1'),
);

/** Milliseconds since 1970-01-01 UTC. */
export const timestampSchema = deferred(() => z.number().int().nonnegative());
