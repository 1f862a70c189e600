import type { Breakers } from '../loop/lm/breaker.ts';
import type { LmClient } from '../loop/lm/lmClient.ts';
import { openAiClient } from '../loop/lm/openAiClient.ts';
import { patientBreakers } from '../loop/lm/patientBreakers.ts';
import { modelSettings } from './deployment.ts';

// A hedge may cost a call: one for each client, which is one for each answer of the chat.
const MOST_HEDGES = 1;

export interface ModelClientOptions {
  readonly fallback: boolean;
  readonly breakers?: Breakers;
  /** Told of each 429, also of those that a later try mends. */
  readonly onRefusal?: () => void;
}

/**
 * The deployment's model. Traffic may fall back to the second model, and its breakers are shared by all requests. A compile never
 * changes its model mid-way, and waits for an outage to end: one client serves a whole step.
 */
export function modelClient({ fallback, breakers, onRefusal }: ModelClientOptions): LmClient {
  const settings = modelSettings();
  const { OA_LM_FALLBACK_MODEL: second, OA_LM_HEDGE_AFTER_MS: afterMs, OA_LM_PRICES: prices } = settings;
  const shared = breakers ?? (fallback ? null : patientBreakers(Date.now, sleep));
  return openAiClient({
    baseUrl: settings.OA_LM_BASE_URL,
    apiKey: settings.OA_LM_API_KEY,
    fetch: onRefusal ? watched(onRefusal) : fetch,
    now: Date.now,
    random: Math.random,
    sleep,
    ...(fallback && second ? { fallbackModel: second } : {}),
    ...(shared ? { breakers: shared } : {}),
    ...(afterMs ? { hedge: { afterMs, most: MOST_HEDGES } } : {}),
    ...(prices ? { prices } : {}),
  });
}

function watched(onRefusal: () => void): typeof fetch {
  return async (...request) => {
    const response = await fetch(...request);
    if (response.status === 429) onRefusal();
    return response;
  };
}

/** Resolves after so many milliseconds; rejects with the signal's reason when it aborts first. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    const stop = () => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    signal.addEventListener('abort', stop, { once: true });
  });
}
