import { canonicalJson } from '../canonicalJson.ts';
import type { Json } from '../contract/json.ts';

/** `exact_json_match.v1`: 1 when output and expectation are the same JSON value, else 0. */
export function exactJsonMatch(output: Json, expected: Json): 0 | 1 {
  return canonicalJson(output) === canonicalJson(expected) ? 1 : 0;
}
