import { canonicalJson } from './canonicalJson.ts';
import { sha256Hex } from './sha256.ts';

/** A content address: `sha256:` and 64 lower-case hex digits. */
export type ContentHash = `sha256:${string}`;

/**
 * The content address of a JSON value: SHA-256 of its RFC 8785 canonical JSON in UTF-8. Key order does not matter; any
 * other difference does.
 *
 * @throws CanonicalJsonError if the value is not JSON.
 */
export function contentHash(value: unknown): ContentHash {
  return `sha256:${sha256Hex(canonicalJson(value))}`;
}
