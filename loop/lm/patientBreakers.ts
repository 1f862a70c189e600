import { admission, afterFailure, type BreakerState, type Breakers, probing } from './breaker.ts';

/** How often a caller looks whether a probe has closed the breaker. */
const LOOK_EVERY_MS = 250;

/**
 * Breakers in memory, for one process with much work and no person waiting, such as a compile step: while the endpoint is down,
 * calls wait for a probe to succeed instead of failing by the hundred. Their own deadline ends the wait.
 */
export function patientBreakers(
  now: () => number,
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
): Breakers {
  const states = new Map<string, BreakerState>();
  return {
    async admit(model, signal) {
      for (;;) {
        const state = states.get(model) ?? null;
        const admitted = admission(state, now());
        if (state && admitted === 'probe') states.set(model, probing(state, now()));
        if (admitted !== 'open') return admitted;
        await sleep(LOOK_EVERY_MS, signal);
      }
    },
    async record(model, ok) {
      if (ok) states.delete(model);
      else states.set(model, afterFailure(states.get(model) ?? null, now()));
    },
  };
}
