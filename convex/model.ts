import type { LmClient } from '../loop/lm/lmClient.ts';
import { openAiClient } from '../loop/lm/openAiClient.ts';
import { modelSettings } from './deployment.ts';

/** The deployment's model. Traffic may fall back to the second model; a compile never changes its model mid-way. */
export function modelClient({ fallback }: { fallback: boolean }): LmClient {
  const settings = modelSettings();
  return openAiClient({
    baseUrl: settings.OA_LM_BASE_URL,
    apiKey: settings.OA_LM_API_KEY,
    fetch,
    random: Math.random,
    sleep,
    ...(fallback && settings.OA_LM_FALLBACK_MODEL ? { fallbackModel: settings.OA_LM_FALLBACK_MODEL } : {}),
  });
}

function sleep(ms: number, signal: AbortSignal): Promise<void> {
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
