import { phases } from '../../../loop/contract/phase.ts';

/** A phase of a night that is on record: from the record before it to its own, in milliseconds since 1970. */
interface Span {
  readonly phase: string;
  readonly from: number;
  readonly at: number;
}

interface RunningNight {
  /** Under way since `since`. */
  readonly phase: string;
  readonly since: number;
  readonly now: number;
  /** Share of the phase's work that is done and counted, 0..1; null where nothing is counted. */
  readonly done: number | null;
  /** Phases of earlier nights of the signature. */
  readonly earlier: readonly (readonly Span[])[];
}

/** With less of the work done, its pace says nothing yet. */
const LEAST_DONE = 0.1;

/**
 * Milliseconds until a running night ends: the phase under way at its own pace where its work is counted, else as long as it usually
 * took, and each later phase as long as it usually took. Null when one of these is not known, or the phase takes longer than usual.
 */
export function timeLeft({ phase, since, now, done, earlier }: RunningNight): number | null {
  const order: readonly string[] = phases;
  const elapsed = now - since;
  const usual = usualDuration(phase, earlier);
  const here =
    done !== null && done >= LEAST_DONE
      ? (elapsed * (1 - done)) / done
      : usual === null || usual < elapsed
        ? null
        : usual - elapsed;
  const later = order.slice(order.indexOf(phase) + 1).map(next => usualDuration(next, earlier));
  return [here, ...later].reduce((sum, part) => (sum === null || part === null ? null : sum + part), 0);
}

/** A time left in words that promise no more than is known: `about 4 min left`. */
export function timeLeftWords(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 1) return 'less than a minute left';
  return minutes < 90 ? `about ${minutes} min left` : `about ${Math.round(minutes / 60)} h left`;
}

/** The median over the nights that had the phase. */
function usualDuration(phase: string, earlier: RunningNight['earlier']): number | null {
  const durations = earlier
    .flat()
    .filter(span => span.phase === phase)
    .map(({ from, at }) => at - from)
    .sort((a, b) => a - b);
  return durations[Math.floor(durations.length / 2)] ?? null;
}
