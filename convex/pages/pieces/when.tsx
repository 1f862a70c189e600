/** @jsxImportSource hono/jsx */
import { isoInstant, utcClock, utcMinute } from '../wording/instant.ts';

/** An instant in UTC, also in the form that machines read. */
export function When({ at, clock = false }: { at: number; clock?: boolean }) {
  return <time datetime={isoInstant(at)}>{clock ? utcClock(at) : utcMinute(at)}</time>;
}
