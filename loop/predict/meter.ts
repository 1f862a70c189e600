import type { Json } from '../contract/json.ts';
import type { Params } from '../contract/params.ts';
import type { LmCall, Receipt } from '../contract/receipt.ts';
import type { LmClient } from '../lm/lmClient.ts';
import { LmError } from '../lm/lmError.ts';
import type { ChatMessage } from '../lm/message.ts';
import { PredictFailure } from './predictFailure.ts';
import { costOf } from './price.ts';

/** What a meter stands between: the model, and the limits of one predict. */
export interface MeterOptions {
  readonly lm: LmClient;
  readonly params: Pick<Params, 'models' | 'budgets'>;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Aborted by the caller to cancel. */
  readonly signal?: AbortSignal | undefined;
}

/** One question of a predict to one of its models. */
export interface Asked {
  readonly role: LmCall['role'];
  readonly messages: readonly ChatMessage[];
  /** JSON schema the answer must fit; null for text. */
  readonly outputSchema: Json | null;
  /** Text as it arrives; asking for it makes the call stream. */
  readonly onDelta?: ((text: string) => void) | undefined;
}

/**
 * The one way a predict reaches a model, a tool or another turn: it counts, refuses what is over a budget before it is spent, and
 * aborts what runs when the time is over. Budgets that are absent allow none. Everything it refuses is a `PredictFailure`.
 */
export class Meter {
  readonly #options: MeterOptions;
  readonly #timer: ReturnType<typeof setTimeout>;
  readonly #cancel = () => this.#end(new LmError('cancelled', 'the caller cancelled', 0));
  /** Made when somebody wants its signal: it costs more than all else that a meter does. */
  #limit: AbortController | null = null;
  /** Why nothing more may be done; null while it may. */
  #over: LmError | null = null;
  readonly #startedAt: number;
  readonly #calls: LmCall[] = [];
  #begun = 0;
  #subCalls = 0;
  #toolCalls = 0;
  #iterations = 0;
  #outputChars = 0;
  #promptChars = 0;

  constructor(options: MeterOptions) {
    this.#options = options;
    this.#startedAt = options.now();
    const { maxTimeMs } = options.params.budgets;
    this.#timer = setTimeout(
      () => this.#end(new LmError('timeout', `no answer within maxTimeMs (${maxTimeMs} ms)`, 0)),
      maxTimeMs,
    );
    if (options.signal?.aborted) this.#cancel();
    options.signal?.addEventListener('abort', this.#cancel, { once: true });
  }

  /** Aborted when the time is over or the caller cancels: for work other than model calls. */
  get signal(): AbortSignal {
    if (!this.#limit) {
      this.#limit = new AbortController();
      if (this.#over) this.#limit.abort(this.#over);
    }
    return this.#limit.signal;
  }

  /** Calls that have ended, in the order of their ends. */
  get calls(): readonly LmCall[] {
    return this.#calls;
  }

  /** Dollars spent so far; null when that is not certain. */
  get costUsd(): number | null {
    return costOf(this.#calls, this.#options.lm.prices);
  }

  /** What was used so far, by budget. */
  get used(): Receipt['budgets']['used'] {
    return {
      timeMs: this.#options.now() - this.#startedAt,
      lmCalls: this.#begun,
      outputChars: this.#outputChars,
      promptChars: this.#promptChars,
      toolCalls: this.#toolCalls,
      rlmIterations: this.#iterations,
      subLmCalls: this.#subCalls,
    };
  }

  /** The answer to one question. Throws `budget_exceeded` before a call too many, and the model's own failures by their codes. */
  async ask({ role, messages, outputSchema, onDelta }: Asked): Promise<string> {
    const { lm, params, now } = this.#options;
    this.#stopIfOver();
    this.#checkPrompt(messages);
    if (role === 'sub') this.#subCalls = this.#spend('maxSubLmCalls', this.#subCalls);
    this.#begun = this.#spend('maxLmCalls', this.#begun);
    const configuredModel = params.models[role];
    const startedAt = now();
    const signal = () => this.signal;
    try {
      const { text, model, fallbackUsed, attempts, usage } = await lm.complete({
        model: configuredModel,
        messages,
        outputSchema,
        maxOutputChars: params.budgets.maxOutputChars,
        get signal() {
          return signal();
        },
        deadline: this.#startedAt + params.budgets.maxTimeMs,
        onDelta,
      });
      const [ms, actualModel, error] = [now() - startedAt, model, null];
      this.#calls.push({
        role,
        configuredModel,
        actualModel,
        startedAt,
        ms,
        fallbackUsed,
        attempts,
        usage,
        error,
      });
      this.#outputChars = Math.max(this.#outputChars, text.length);
      return text;
    } catch (error) {
      const failed =
        error instanceof LmError ? error : new LmError('model_error', 'the model client failed', 1);
      this.#calls.push({
        role,
        configuredModel,
        actualModel: null,
        startedAt,
        ms: now() - startedAt,
        fallbackUsed: false,
        attempts: failed.attempts,
        usage: { inputTokens: null, outputTokens: null, mark: 'unknown' },
        error: failed.code,
      });
      throw new PredictFailure(failed.code, failed.message, { cause: error });
    }
  }

  /** Counts a turn of a controller. */
  beginIteration(): void {
    this.#stopIfOver();
    this.#iterations = this.#spend('maxRlmIterations', this.#iterations);
  }

  /** Counts a tool call of a controller. */
  beginToolCall(): void {
    this.#stopIfOver();
    this.#toolCalls = this.#spend('maxToolCalls', this.#toolCalls);
  }

  /** Lets go of timer and signal; every predict ends with it. */
  close(): void {
    clearTimeout(this.#timer);
    this.#options.signal?.removeEventListener('abort', this.#cancel);
  }

  #end(why: LmError): void {
    this.#over ??= why;
    this.#limit?.abort(this.#over);
  }

  #stopIfOver(): void {
    if (this.#over) throw new PredictFailure(this.#over.code, this.#over.message);
  }

  /** A prompt that is too long is refused, never cut. */
  #checkPrompt(messages: readonly ChatMessage[]): void {
    const chars = messages.reduce((sum, { content }) => sum + content.length, 0);
    const most = this.#options.params.budgets.maxPromptChars ?? Number.POSITIVE_INFINITY;
    if (chars > most)
      throw new PredictFailure(
        'context_too_long',
        `the prompt has ${chars} characters, and maxPromptChars is ${most}`,
      );
    this.#promptChars = Math.max(this.#promptChars, chars);
  }

  #spend(budget: 'maxLmCalls' | 'maxSubLmCalls' | 'maxToolCalls' | 'maxRlmIterations', used: number): number {
    const most = this.#options.params.budgets[budget] ?? 0;
    if (used >= most) throw new PredictFailure('budget_exceeded', `${budget} (${most}) is spent`);
    return used + 1;
  }
}
