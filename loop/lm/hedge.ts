/** When a second, like request is sent, and how many of them at most. Off without it: a hedge can cost a call. */
export interface HedgeOptions {
  /** Milliseconds without response headers. */
  readonly afterMs: number;
  /** Of one client. */
  readonly most: number;
}

/** Sends a request until its response headers are there. */
export type Send = (signal: AbortSignal) => Promise<Response>;

/**
 * The first response of a request and, if that is late, of a second like it (Dean and Barroso, "The Tail at Scale", CACM 2013).
 * The other request is aborted. An error of the one still leaves the other.
 */
export async function hedged(
  send: Send,
  afterMs: number,
  sleep: (ms: number, signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
  onSecond: () => void,
): Promise<Response> {
  const first = follower(signal);
  const second = follower(signal);
  const timer = follower(signal);
  const sent = send(first.signal);
  const later = async () => {
    await sleep(afterMs, timer.signal);
    onSecond();
    return send(second.signal);
  };
  const stopTimer = () => timer.abort();
  sent.then(stopTimer, stopTimer);
  const other = later();
  other.catch(() => undefined);
  try {
    const winner = await Promise.any([
      sent.then(response => ({ response, loser: second })),
      other.then(response => ({ response, loser: first })),
    ]);
    winner.loser.abort();
    return winner.response;
  } catch (error) {
    // The first request's own error tells more than the end of a hedge that was never sent.
    throw error instanceof AggregateError ? error.errors[0] : error;
  }
}

/** A controller that is aborted with `signal`, and can be aborted alone. */
function follower(signal: AbortSignal): AbortController {
  const controller = new AbortController();
  if (signal.aborted) controller.abort(signal.reason);
  signal.addEventListener('abort', () => controller.abort(signal.reason), { once: true });
  return controller;
}
