import * as z from 'zod';
import type { LmClient, LmReply, LmRequest } from './lmClient.ts';
import { LmError, type LmErrorCode } from './lmError.ts';
import { sseData } from './sse.ts';

export interface OpenAiClientOptions {
  /** Address up to and with `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly fetch: typeof fetch;
  /** Uniform random in [0, 1), for jitter. */
  readonly random: () => number;
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Asked when the first model has failed for good. Leave out where one model must answer everything. */
  readonly fallbackModel?: string;
  /** HTTP requests per model, the first included. */
  readonly maxAttempts?: number;
}

const usageSchema = z.object({ prompt_tokens: z.number(), completion_tokens: z.number() });
const replySchema = z.object({
  model: z.string().optional(),
  choices: z.array(z.object({ message: z.object({ content: z.string().nullable() }) })).min(1),
  usage: usageSchema.optional(),
});
const chunkSchema = z.object({
  model: z.string().optional(),
  choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }).optional() })),
  usage: usageSchema.nullish(),
});

// AWS Architecture Blog, "Exponential Backoff And Jitter" (2015): full jitter over base * 2^n.
const BACKOFF_BASE_MS = 250;
const BACKOFF_CAP_MS = 8_000;

class Attempt extends Error {
  readonly code: LmErrorCode;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  constructor(code: LmErrorCode, message: string, retryable: boolean, retryAfterMs: number | null = null) {
    super(message);
    this.code = code;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

/** A client for any OpenAI-compatible chat completions endpoint. The signal's deadline covers headers, body and waits. */
export function openAiClient(options: OpenAiClientOptions): LmClient {
  const maxAttempts = options.maxAttempts ?? 3;
  return {
    provider: new URL(options.baseUrl).host,
    async complete(request) {
      const models = [request.model, ...(options.fallbackModel ? [options.fallbackModel] : [])];
      let attempts = 0;
      let last: Attempt | null = null;
      // What was shown cannot be taken back: from the first text on there is no second try, of this model or another.
      let shown = false;
      const { onDelta } = request;
      const show = (text: string) => {
        shown = true;
        onDelta?.(text);
      };
      for (const model of models) {
        for (let n = 0; n < maxAttempts; n++) {
          attempts++;
          try {
            const reply = await ask(options, { ...request, model, ...(onDelta ? { onDelta: show } : {}) });
            return { ...reply, attempts, fallbackUsed: model !== request.model };
          } catch (error) {
            const failed = asAttempt(error, request.signal);
            const final = ['timeout', 'cancelled', 'budget_exceeded'].includes(failed.code);
            if (shown || final) throw new LmError(failed.code, failed.message, attempts);
            last = failed;
            if (!failed.retryable || n === maxAttempts - 1) break;
            const backoff = options.random() * Math.min(BACKOFF_CAP_MS, BACKOFF_BASE_MS * 2 ** n);
            try {
              await options.sleep(failed.retryAfterMs ?? backoff, request.signal);
            } catch (reason) {
              const stopped = asAttempt(reason, request.signal);
              throw new LmError(
                stopped.code,
                `${stopped.message}, while waiting to retry: ${failed.message}`,
                attempts,
              );
            }
          }
        }
      }
      throw new LmError(last?.code ?? 'model_error', last?.message ?? 'the model gave no answer', attempts);
    },
  };
}

async function ask(
  options: OpenAiClientOptions,
  request: LmRequest,
): Promise<Pick<LmReply, 'text' | 'model' | 'usage'>> {
  const stream = request.onDelta !== undefined;
  const response = await options.fetch(`${options.baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${options.apiKey}` },
    body: JSON.stringify({
      model: request.model,
      messages: request.messages,
      temperature: 0,
      ...(stream ? { stream: true, stream_options: { include_usage: true } } : {}),
      ...(request.outputSchema === null
        ? {}
        : {
            response_format: {
              type: 'json_schema',
              json_schema: { name: 'output', strict: true, schema: request.outputSchema },
            },
          }),
    }),
    signal: request.signal,
  });
  if (!response.ok) throw await refusal(response);
  if (request.onDelta) return readStream(response, request, request.onDelta);
  const parsed = replySchema.safeParse(await response.json().catch(() => null));
  if (!parsed.success) throw new Attempt('model_error', 'the model endpoint sent no chat completion', true);
  const text = parsed.data.choices[0]?.message.content ?? '';
  checkLength(text, request);
  return {
    text,
    model: parsed.data.model ?? request.model,
    usage: usageOf(parsed.data.usage, request, text),
  };
}

async function readStream(
  response: Response,
  request: LmRequest,
  onDelta: (text: string) => void,
): Promise<Pick<LmReply, 'text' | 'model' | 'usage'>> {
  let text = '';
  let model = request.model;
  let usage: z.infer<typeof usageSchema> | undefined;
  let finished = false;
  for await (const data of sseData(response)) {
    if (data === '[DONE]') {
      finished = true;
      break;
    }
    const chunk = chunkSchema.safeParse(safeJson(data));
    if (!chunk.success) throw new Attempt('model_error', 'the model endpoint sent a malformed stream', true);
    model = chunk.data.model ?? model;
    usage = chunk.data.usage ?? usage;
    const delta = chunk.data.choices[0]?.delta?.content ?? '';
    if (delta === '') continue;
    text += delta;
    checkLength(text, request);
    onDelta(delta);
  }
  if (!finished) throw new Attempt('model_error', 'the model endpoint cut the stream', true);
  return { text, model, usage: usageOf(usage, request, text) };
}

async function refusal(response: Response): Promise<Attempt> {
  await response.body?.cancel().catch(() => undefined);
  const { status } = response;
  if (status === 429) {
    return new Attempt(
      'model_rate_limited',
      'the model endpoint answered 429 (too many requests)',
      true,
      retryAfterMs(response),
    );
  }
  const retryable = status >= 500 || status === 408;
  return new Attempt(
    'model_error',
    `the model endpoint answered ${status}`,
    retryable,
    retryAfterMs(response),
  );
}

/** `Retry-After` in seconds (RFC 9110, 10.2.3), as milliseconds; null when absent or a date. */
function retryAfterMs(response: Response): number | null {
  const seconds = Number(response.headers.get('retry-after') ?? Number.NaN);
  return Number.isFinite(seconds) && seconds >= 0 ? seconds * 1_000 : null;
}

function checkLength(text: string, request: LmRequest): void {
  if (text.length > request.maxOutputChars)
    throw new Attempt(
      'budget_exceeded',
      `the answer is longer than maxOutputChars (${request.maxOutputChars})`,
      false,
    );
}

function asAttempt(error: unknown, signal: AbortSignal): Attempt {
  if (error instanceof Attempt) return error;
  if (signal.aborted) {
    return signal.reason instanceof LmError
      ? new Attempt(signal.reason.code, signal.reason.message, false)
      : new Attempt('cancelled', 'the call was cancelled', false);
  }
  return new Attempt('model_unreachable', 'the model endpoint could not be reached or broke off', true);
}

// About four characters a token, the rule of thumb for English text; used only when the provider sends no counts.
function usageOf(
  usage: z.infer<typeof usageSchema> | undefined,
  request: LmRequest,
  text: string,
): LmReply['usage'] {
  if (usage)
    return { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens, mark: 'exact' };
  const chars = request.messages.reduce((sum, message) => sum + message.content.length, 0);
  return { inputTokens: Math.ceil(chars / 4), outputTokens: Math.ceil(text.length / 4), mark: 'estimated' };
}

function safeJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
