/** @jsxImportSource hono/jsx */
import { isoInstant, utcClock, utcMinute } from '../wording/instant.ts';

/** An instant in UTC, also in the form that machines read; the page's script shows it in the reader's zone. */
export function When({ at, clock = false }: { at: number; clock?: boolean }) {
  return (
    <time datetime={isoInstant(at)} data-clock={clock ? '' : undefined}>
      {clock ? utcClock(at) : utcMinute(at)}
    </time>
  );
}
