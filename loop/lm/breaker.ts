/**
 * A circuit breaker (Nygard, "Release It!", 2nd edition, 5.2) for one endpoint and model, as data: where it is kept is the host's
 * business. Closed until calls fail in a row; then open, so that nothing is asked; then half open: one call probes.
 */
export interface BreakerState {
  /** Calls that failed in a row. */
  readonly failures: number;
  /** Milliseconds since 1970; nothing is asked before. */
  readonly openUntil: number;
  /** Milliseconds since 1970; until then a probe is under way. */
  readonly probeUntil: number;
}

export type Admission = 'closed' | 'probe' | 'open';

/** Calls, each with its retries, that must fail in a row. One bad prompt, or one bad arm among two, does not get there. */
export const OPEN_AFTER_FAILURES = 8;
/** Long enough to spare an endpoint that restarts, short enough that a person hardly waits for the next probe. */
export const OPEN_MS = 5_000;
/** A probe that says nothing for so long is taken for lost, and another may go. */
const PROBE_MS = 30_000;

/** Whether a call may go; null is a breaker that has seen no failure. */
export function admission(state: BreakerState | null, now: number): Admission {
  if (!state || state.failures < OPEN_AFTER_FAILURES) return 'closed';
  return now < state.openUntil || now < state.probeUntil ? 'open' : 'probe';
}

/** The state once a probe is on its way. */
export function probing(state: BreakerState, now: number): BreakerState {
  return { ...state, probeUntil: now + PROBE_MS };
}

/** The state after a call that failed by the endpoint's fault. */
export function afterFailure(state: BreakerState | null, now: number): BreakerState {
  const failures = (state?.failures ?? 0) + 1;
  return { failures, openUntil: failures >= OPEN_AFTER_FAILURES ? now + OPEN_MS : 0, probeUntil: 0 };
}

/** Where the breakers of a model client live, by model. */
export interface Breakers {
  /** Whether a call of the model may go now. A store may wait here, until `signal` aborts, instead of answering `open`. */
  admit(model: string, signal: AbortSignal): Promise<Admission>;
  /** A success closes the breaker, a failure brings it nearer to opening. */
  record(model: string, ok: boolean): Promise<void>;
}
