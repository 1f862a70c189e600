import type { Json } from '../loop/contract/json.ts';
import { boundedText } from './boundedText.ts';
import type { Redact } from './redact.ts';

const LONGEST_TEXT = 2_000;

/** The same JSON with every text in it, keys too, bounded and free of secrets. */
export function cleanJson(value: Json, redact: Redact): Json {
  if (typeof value === 'string') return boundedText(value, LONGEST_TEXT, redact);
  if (Array.isArray(value)) return value.map(item => cleanJson(item, redact));
  if (typeof value !== 'object' || value === null) return value;
  return cleanRecord(value, redact);
}

/** {@link cleanJson} of an object. */
export function cleanRecord(record: Record<string, Json>, redact: Redact): Record<string, Json> {
  return Object.fromEntries(
    Object.entries(record).map(([key, item]) => [redact(key), cleanJson(item, redact)]),
  );
}
