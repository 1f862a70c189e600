import { canonicalJson } from '../canonicalJson.ts';
import type { Json } from '../contract/json.ts';
import type { ReplayedDecision } from '../contract/replay.ts';

/** A decision in words for people, and as the value that must be equal. */
export interface Told {
  readonly words: string;
  readonly value: Json;
}

/** Lays a stored decision beside the recomputed one and says where they first differ. */
export function compared(decision: string, stored: Told, recomputed: Told): ReplayedDecision {
  const why = firstDifference(stored.value, recomputed.value);
  return {
    decision,
    stored: stored.words,
    recomputed: recomputed.words,
    outcome: why === null ? 'ok' : 'differs',
    why,
  };
}

/** A decision that cannot be recomputed, with the reason. */
export function cannot(decision: string, stored: string, why: string): ReplayedDecision {
  return { decision, stored, recomputed: 'nothing', outcome: 'cannot', why };
}

/** The path of the first difference between two JSON values and both values there; null when they are equal. */
export function firstDifference(stored: Json, recomputed: Json, path = ''): string | null {
  if (canonicalJson(stored) === canonicalJson(recomputed)) return null;
  if (isBranch(stored) && isBranch(recomputed) && Array.isArray(stored) === Array.isArray(recomputed)) {
    const [a, b] = [stored as Record<string, Json>, recomputed as Record<string, Json>];
    for (const key of [...new Set([...Object.keys(a), ...Object.keys(b)])]) {
      const found = firstDifference(a[key] ?? null, b[key] ?? null, path === '' ? key : `${path}.${key}`);
      if (found !== null) return found;
    }
  }
  return `${path === '' ? 'the value' : path}: ${shown(stored)} stored, ${shown(recomputed)} recomputed`;
}

function isBranch(value: Json): value is { [key: string]: Json } | Json[] {
  return typeof value === 'object' && value !== null;
}

const MOST_CHARS = 120;

function shown(value: Json): string {
  const text = canonicalJson(value);
  return text.length > MOST_CHARS ? `${text.slice(0, MOST_CHARS)}…` : text;
}
