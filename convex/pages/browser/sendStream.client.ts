import type { SendEvent } from '../../../loop/contract/autopilot.ts';

/** When nothing at all arrives for this long, waiting ends with a visible error. Milliseconds. */
export const STALL_MS = 20_000;

/** Why a message got no answer, in words for the person who waits. */
export class SendFailure extends Error {
  override name = 'SendFailure' as const;

  constructor(
    message: string,
    readonly requestId: string | null = null,
  ) {
    super(message);
  }
}

/** Sends a message, to a signature of its own choice or to the usual ones; see `eventsOf`. */
export function sendMessage(text: string, signatureId?: string): AsyncGenerator<SendEvent> {
  return eventsOf('/api/autopilot/send', { text, signatureId });
}

/** Asks for a recap; see `eventsOf`. */
export function askForRecap(strategy: string, budget: string): AsyncGenerator<SendEvent> {
  return eventsOf('/api/autopilot/recap', { strategy, budget });
}

/**
 * Posts to the chat's API and yields what the server answers, line by line. Ends after `done` or `error`.
 *
 * @throws SendFailure when the server refuses, cannot be reached, falls silent or stops half-way.
 */
async function* eventsOf(path: string, asked: object): AsyncGenerator<SendEvent> {
  const abort = new AbortController();
  const silence = new Silence(() => abort.abort());
  let requestId: string | null = null;
  try {
    const response = await fetch(path, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(asked),
      signal: abort.signal,
    });
    requestId = response.headers.get('x-oa-request-id');
    silence.broken();
    if (!response.ok || !response.body) throw new SendFailure(await refusal(response), requestId);
    for await (const line of lines(response.body, silence)) {
      const event = JSON.parse(line) as SendEvent;
      yield event;
      if (event.type === 'done' || event.type === 'error') return;
    }
    throw new SendFailure('The answer stopped before its end. Try again.', requestId);
  } catch (cause) {
    if (cause instanceof SendFailure) throw cause;
    throw new SendFailure(explain(cause, abort.signal.aborted), requestId);
  } finally {
    silence.stop();
    abort.abort();
  }
}

async function* lines(body: ReadableStream<Uint8Array>, silence: Silence): AsyncGenerator<string> {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    silence.broken();
    const parts = (rest + (done ? decoder.decode() : decoder.decode(value, { stream: true }))).split('\n');
    rest = done ? '' : (parts.pop() ?? '');
    for (const line of parts) if (line.trim() !== '') yield line;
    if (done) return;
  }
}

/** Calls back once when nothing has broken the silence for `STALL_MS`. */
class Silence {
  #timer: ReturnType<typeof setTimeout>;

  constructor(private readonly onTooLong: () => void) {
    this.#timer = setTimeout(onTooLong, STALL_MS);
  }

  broken(): void {
    this.stop();
    this.#timer = setTimeout(this.onTooLong, STALL_MS);
  }

  stop(): void {
    clearTimeout(this.#timer);
  }
}

function explain(cause: unknown, stalled: boolean): string {
  if (stalled)
    return `Nothing arrived for ${STALL_MS / 1_000} seconds, so the page stopped waiting. Try again, or load the page again to see whether the answer came later.`;
  if (cause instanceof SyntaxError) return 'The answer could not be read: it is not in the expected form.';
  return 'The server could not be reached. Check the connection and try again.';
}

async function refusal(response: Response): Promise<string> {
  if (response.status === 401) return 'You are signed out. Load the page again to sign in.';
  const body: unknown = await response.json().catch(() => null);
  const message = (body as { error?: { message?: unknown } } | null)?.error?.message;
  return typeof message === 'string' ? message : `The server refused the message (HTTP ${response.status}).`;
}
