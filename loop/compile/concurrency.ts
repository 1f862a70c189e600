/** How many calls may be under way at once, as the provider bears it. */
export interface Concurrency {
  readonly width: number;
  /** Told of each answer, with its time in milliseconds. */
  answered(ms: number): void;
  /** Told of each 429. */
  refused(): void;
}

export interface ConcurrencyLimits {
  readonly start: number;
  readonly least: number;
  readonly most: number;
}

// A provider whose answers take twice their usual time queues them: more at once would only wait longer.
const SLOWER = 2;

/**
 * Grows by one a window of answers while the provider keeps up, and halves on a refusal (additive increase, multiplicative decrease;
 * Chiu & Jain 1989), once for all calls that were under way then. Keeping up means that the mean time of a window is not twice that of the
 * fastest window (the idea of TCP Vegas, Brakmo & Peterson 1995); if it is, it shrinks by one.
 */
export function adaptiveConcurrency({ start, least, most }: ConcurrencyLimits): Concurrency {
  let width = start;
  let fastest = Number.POSITIVE_INFINITY;
  let windowMs = 0;
  let inWindow = 0;
  /** Answers to calls that were under way at the last refusal: they say nothing of the new width. */
  let old = 0;
  return {
    get width() {
      return width;
    },
    answered(ms) {
      if (old > 0) {
        old--;
        return;
      }
      windowMs += ms;
      if (++inWindow < width) return;
      const mean = windowMs / inWindow;
      fastest = Math.min(fastest, mean);
      width = mean > SLOWER * fastest ? Math.max(least, width - 1) : Math.min(most, width + 1);
      windowMs = 0;
      inWindow = 0;
    },
    refused() {
      if (old > 0) {
        old--;
        return;
      }
      old = width - 1;
      width = Math.max(least, Math.floor(width / 2));
      windowMs = 0;
      inWindow = 0;
    },
  };
}
