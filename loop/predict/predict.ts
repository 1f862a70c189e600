import type { Json } from '../contract/json.ts';
import type { Artifact } from '../contract/params.ts';
import type { LmCall, PredictErrorCode, PredictResult } from '../contract/receipt.ts';
import type { LmClient } from '../lm/lmClient.ts';
import { LmError } from '../lm/lmError.ts';
import type { ChatMessage } from '../lm/message.ts';
import { incompatibility, type Signature } from '../signature.ts';
import { decode } from './decode.ts';
import { type RenderedPrompt, render } from './render.ts';

export interface PredictInput {
  readonly signature: Signature;
  readonly artifact: Artifact;
  readonly input: Json;
  readonly lm: LmClient;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Aborted by the caller to cancel. */
  readonly signal?: AbortSignal;
  /** Text of the first answer as it arrives (text answers only). */
  readonly onDelta?: (text: string) => void;
}

/** What happened in one predict, whatever happened. A receipt is made from it. */
export interface PredictFacts {
  readonly result: PredictResult;
  readonly provider: string;
  readonly startedAt: number;
  readonly ms: number;
  readonly calls: readonly LmCall[];
  readonly repairs: number;
  /** Longest answer, in characters. */
  readonly outputChars: number;
  readonly prompt: RenderedPrompt | null;
}

/** Runs a signature once under an artifact. Never throws: a failure is a result. Budgets abort the running call. */
export async function predict(request: PredictInput): Promise<PredictFacts> {
  const { signature, artifact, lm } = request;
  const { params } = artifact;
  const startedAt = request.now();
  const calls: LmCall[] = [];
  let repairs = 0;
  let outputChars = 0;
  let prompt: RenderedPrompt | null = null;

  const finish = (result: PredictResult): PredictFacts => ({
    result,
    provider: lm.provider,
    startedAt,
    ms: request.now() - startedAt,
    calls,
    repairs,
    outputChars,
    prompt,
  });
  const fail = (code: PredictErrorCode, message: string): PredictFacts =>
    finish({ ok: false, error: { code, message } });

  const misfit = incompatibility(signature, artifact);
  if (misfit) return fail('artifact_incompatible', `The artifact does not fit ${signature.id}: ${misfit}.`);
  const input = signature.input.safeParse(request.input);
  if (!input.success) {
    const issue = input.error.issues[0];
    return fail(
      'input_invalid',
      `The input does not fit ${signature.id}: ${issue?.path.join('.')} ${issue?.message}`,
    );
  }
  prompt = render(signature, params, input.data as Json);

  const limit = new AbortController();
  const { maxTimeMs, maxLmCalls, maxOutputChars } = params.budgets;
  const timer = setTimeout(
    () => limit.abort(new LmError('timeout', `no answer within maxTimeMs (${maxTimeMs} ms)`, 0)),
    maxTimeMs,
  );
  const cancel = () => limit.abort(new LmError('cancelled', 'the caller cancelled', 0));
  if (request.signal?.aborted) cancel();
  request.signal?.addEventListener('abort', cancel, { once: true });

  try {
    let messages: readonly ChatMessage[] = prompt.messages;
    for (;;) {
      const role = repairs === 0 ? 'main' : 'repair';
      const model = params.models[role];
      const callStart = request.now();
      const record = (call: Pick<LmCall, 'actualModel' | 'fallbackUsed' | 'attempts' | 'usage' | 'error'>) =>
        calls.push({ role, configuredModel: model, ms: request.now() - callStart, ...call });
      let text: string;
      try {
        const reply = await lm.complete({
          model,
          messages,
          outputSchema: prompt.outputSchema,
          maxOutputChars,
          signal: limit.signal,
          ...(request.onDelta && repairs === 0 ? { onDelta: request.onDelta } : {}),
        });
        record({
          actualModel: reply.model,
          fallbackUsed: reply.fallbackUsed,
          attempts: reply.attempts,
          usage: reply.usage,
          error: null,
        });
        text = reply.text;
      } catch (error) {
        const known =
          error instanceof LmError ? error : new LmError('model_error', 'the model client failed', 1);
        record({
          actualModel: null,
          fallbackUsed: false,
          attempts: Math.max(1, known.attempts),
          usage: { inputTokens: 0, outputTokens: 0, mark: 'unknown' },
          error: known.code,
        });
        return fail(known.code, sentence(known.message));
      }
      outputChars = Math.max(outputChars, text.length);
      const decoded = decode(signature, params.decode.policy, text);
      if (decoded.ok) return finish({ ok: true, output: decoded.output });
      if (repairs >= params.decode.maxRepairs) return fail('decode_failed', sentence(decoded.problem));
      if (calls.length >= maxLmCalls)
        return fail('budget_exceeded', `maxLmCalls (${maxLmCalls}) is spent; ${decoded.problem}.`);
      repairs++;
      messages = [
        ...prompt.messages,
        { role: 'assistant', content: text.slice(0, 2_000) },
        {
          role: 'user',
          content: `That cannot be used: ${decoded.problem}. Answer again, with the JSON object only.`,
        },
      ];
    }
  } finally {
    clearTimeout(timer);
    request.signal?.removeEventListener('abort', cancel);
  }
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
}
