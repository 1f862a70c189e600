import { Attempt, asAttempt } from './attempt.ts';
import type { Breakers } from './breaker.ts';
import { type Answer, readAnswer, requestOf } from './exchange.ts';
import { type HedgeOptions, hedged, type Send } from './hedge.ts';
import type { LmClient, LmReply, LmRequest } from './lmClient.ts';
import { LmError } from './lmError.ts';
import type { Prices } from './prices.ts';

export interface OpenAiClientOptions {
  /** Address up to and with `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch: typeof fetch;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Uniform random in [0, 1), for jitter. */
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Asked when the first model has failed for good. Leave out where one model must answer everything. */
  readonly fallbackModel?: string;
  /** HTTP requests per model, the first included; hedges are on top. */
  readonly maxAttempts?: number;
  /** Without them every call is admitted. */
  readonly breakers?: Breakers;
  readonly hedge?: HedgeOptions;
  readonly prices?: Prices;
}

// AWS Architecture Blog, "Exponential Backoff And Jitter" (2015): full jitter over base * 2^n.
const BACKOFF_BASE_MS = 250;
const BACKOFF_CAP_MS = 8_000;

/** A client for any OpenAI-compatible chat completions endpoint. The signal's deadline covers headers, body and waits. */
export function openAiClient(options: OpenAiClientOptions): LmClient {
  const hedges = { left: options.hedge?.most ?? 0 };
  return {
    provider: new URL(options.baseUrl).host,
    ...(options.prices ? { prices: options.prices } : {}),
    complete: request => new Call(options, request, hedges).answer(),
  };
}

/** One question with all its tries. */
class Call {
  readonly #options: OpenAiClientOptions;
  readonly #request: LmRequest;
  readonly #hedges: { left: number };
  /** HTTP requests so far. */
  #attempts = 0;
  /** A request besides the one that answered may have been billed: a hedge, or an answer that broke off. */
  #billedElsewhere = false;
  /** What was shown cannot be taken back: from the first text on there is no second try, of this model or another. */
  #shown = false;

  constructor(options: OpenAiClientOptions, request: LmRequest, hedges: { left: number }) {
    this.#options = options;
    this.#request = request;
    this.#hedges = hedges;
  }

  async answer(): Promise<LmReply> {
    const { fallbackModel } = this.#options;
    const { model } = this.#request;
    try {
      return await this.#askModel(model);
    } catch (error) {
      const failed = asAttempt(error, this.#request.signal);
      if (!fallbackModel || fallbackModel === model || isFinal(failed) || this.#shown)
        throw this.#lmError(failed);
    }
    try {
      return await this.#askModel(fallbackModel);
    } catch (error) {
      throw this.#lmError(asAttempt(error, this.#request.signal));
    }
  }

  /** Asks one model until it answers or has failed for good. Throws `Attempt`. */
  async #askModel(model: string): Promise<LmReply> {
    const { breakers, maxAttempts = 3 } = this.#options;
    const { signal } = this.#request;
    const admitted = (await breakers?.admit(model, signal)) ?? 'closed';
    if (admitted === 'open')
      throw new Attempt('model_unreachable', `${model} has failed too often and is left alone for now`, true);
    try {
      const answer = await this.#tries(model, admitted === 'probe' ? 1 : maxAttempts);
      await breakers?.record(model, true);
      const usage = this.#billedElsewhere ? { ...answer.usage, mark: 'estimated' as const } : answer.usage;
      return {
        ...answer,
        usage,
        attempts: this.#attempts,
        fallbackUsed: model !== this.#request.model,
      };
    } catch (error) {
      const failed = asAttempt(error, signal);
      if (isOfEndpoint(failed)) await breakers?.record(model, false);
      else if (admitted === 'probe') await breakers?.record(model, failed.code !== 'cancelled');
      throw failed;
    }
  }

  async #tries(model: string, most: number): Promise<Answer> {
    const { signal } = this.#request;
    for (let n = 0; ; n++) {
      try {
        return await this.#exchange(model);
      } catch (error) {
        const failed = asAttempt(error, signal);
        if (!failed.retryable || this.#shown || n + 1 >= most) throw failed;
        await this.#waitAfter(failed, n);
      }
    }
  }

  async #waitAfter(failed: Attempt, n: number): Promise<void> {
    const { random, sleep, now } = this.#options;
    const { signal, deadline } = this.#request;
    const backoff = random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** n);
    // With the jitter on top, those who were refused together do not come back together.
    const wait = (failed.retryAfterMs ?? 0) + backoff;
    if (deadline !== undefined && now() + wait >= deadline) throw failed;
    try {
      await sleep(wait, signal);
    } catch (reason) {
      const { code, message } = asAttempt(reason, signal);
      throw new Attempt(code, `${message}, while waiting to retry: ${failed.message}`, false);
    }
  }

  async #exchange(model: string): Promise<Answer> {
    const { baseUrl, apiKey, hedge, sleep, now } = this.#options;
    const { signal, onDelta } = this.#request;
    const show = (text: string) => {
      this.#shown = true;
      onDelta?.(text);
    };
    const request: LmRequest = { ...this.#request, model, ...(onDelta ? { onDelta: show } : {}) };
    const init = requestOf(request, apiKey);
    const send: Send = ending => {
      this.#attempts++;
      return this.#options.fetch(`${baseUrl}/chat/completions`, { ...init, signal: ending });
    };
    const response =
      hedge && this.#hedges.left > 0
        ? await hedged(send, hedge.afterMs, sleep, signal, () => {
            this.#hedges.left--;
            this.#billedElsewhere = true;
          })
        : await send(signal);
    try {
      return await readAnswer(response, request, now());
    } catch (error) {
      if (response.ok) this.#billedElsewhere = true;
      throw error;
    }
  }

  #lmError({ code, message }: Attempt): LmError {
    return new LmError(code, message, this.#attempts);
  }
}

/** Failures that no other try and no other model can mend. */
function isFinal({ code }: Attempt): boolean {
  return code === 'timeout' || code === 'cancelled' || code === 'budget_exceeded';
}

/** Failures that speak against the endpoint. A rate limit has its own waiting time; a 4xx is the caller's. */
function isOfEndpoint({ code, retryable }: Attempt): boolean {
  return code === 'timeout' || code === 'model_unreachable' || (code === 'model_error' && retryable);
}
