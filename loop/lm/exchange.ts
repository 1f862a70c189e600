import * as z from 'zod';
import { deferred } from '../contract/deferred.ts';
import { Attempt } from './attempt.ts';
import type { LmReply, LmRequest } from './lmClient.ts';
import { retryAfterMs } from './retryAfter.ts';
import { sseData } from './sse.ts';

const usageSchema = deferred(() => z.object({ prompt_tokens: z.number(), completion_tokens: z.number() }));
const replySchema = deferred(() =>
  z.object({
    model: z.string().optional(),
    choices: z.array(z.object({ message: z.object({ content: z.string().nullable() }) })).min(1),
    usage: usageSchema.nullish(),
  }),
);
const chunkSchema = deferred(() =>
  z.object({
    model: z.string().optional(),
    choices: z.array(z.object({ delta: z.object({ content: z.string().nullish() }).optional() })),
    usage: usageSchema.nullish(),
  }),
);

/** What one exchange brought. */
export type Answer = Pick<LmReply, 'text' | 'model' | 'usage'>;

/** The request of a chat completion, for `fetch`. */
export function requestOf(request: LmRequest, apiKey: string): RequestInit {
  const stream = request.onDelta !== undefined;
  return {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${apiKey}` },
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
  };
}

/** Reads a response to its end, and no further than `maxOutputChars` allows. Throws `Attempt`. */
export async function readAnswer(response: Response, request: LmRequest, now: number): Promise<Answer> {
  if (!response.ok) throw await refusal(response, now);
  return request.onDelta ? readStream(response, request, request.onDelta) : readWhole(response, request);
}

async function readWhole(response: Response, request: LmRequest): Promise<Answer> {
  const parsed = replySchema.safeParse(safeJson(await boundedText(response, request)));
  if (!parsed.success) throw new Attempt('model_error', 'the model endpoint sent no chat completion', true);
  const text = parsed.data.choices[0]?.message.content ?? '';
  checkLength(text.length, request);
  return {
    text,
    model: parsed.data.model ?? request.model,
    usage: usageOf(parsed.data.usage, request, text),
  };
}

// JSON may write one character as six (\uXXXX); the rest of a completion is small.
const MOST_PER_CHAR = 6;
const AROUND_THE_ANSWER = 64 * 1_024;

async function boundedText(response: Response, request: LmRequest): Promise<string> {
  const reader = response.body?.getReader();
  if (!reader) return '';
  const decoder = new TextDecoder();
  let text = '';
  for (;;) {
    const { done, value } = await reader.read();
    text += done ? decoder.decode() : decoder.decode(value, { stream: true });
    if (done) return text;
    if (text.length > request.maxOutputChars * MOST_PER_CHAR + AROUND_THE_ANSWER) {
      await reader.cancel().catch(() => undefined);
      checkLength(text.length, request);
    }
  }
}

async function readStream(
  response: Response,
  request: LmRequest,
  onDelta: (text: string) => void,
): Promise<Answer> {
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
    checkLength(text.length, request);
    onDelta(delta);
  }
  if (!finished) throw new Attempt('model_error', 'the model endpoint cut the stream', true);
  return { text, model, usage: usageOf(usage, request, text) };
}

const causes: Readonly<Record<number, string>> = {
  401: ' (it refuses the key: check OA_LM_API_KEY)',
  403: ' (it refuses the key: check OA_LM_API_KEY)',
  404: ' (it knows no such model or path: check OA_LM_BASE_URL and OA_LM_MODEL)',
  429: ' (too many requests)',
};

async function refusal(response: Response, now: number): Promise<Attempt> {
  await response.body?.cancel().catch(() => undefined);
  const { status } = response;
  const after = retryAfterMs(response.headers.get('retry-after'), now);
  const message = `the model endpoint answered ${status}${causes[status] ?? ''}`;
  if (status === 429) return new Attempt('model_rate_limited', message, true, after);
  return new Attempt('model_error', message, status >= 500 || status === 408, after);
}

function checkLength(chars: number, request: LmRequest): void {
  if (chars > request.maxOutputChars)
    throw new Attempt(
      'budget_exceeded',
      `the answer is longer than maxOutputChars (${request.maxOutputChars})`,
      false,
    );
}

// About four characters a token, the rule of thumb for English text; used only when the provider sends no counts.
function usageOf(
  usage: z.infer<typeof usageSchema> | null | undefined,
  request: LmRequest,
  text: string,
): Answer['usage'] {
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
