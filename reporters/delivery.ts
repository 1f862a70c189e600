import { ApiError } from '../loop/contract/apiClientError.ts';
import type { ApiClient } from '../loop/contract/client.ts';
import { opsRunEvent, opsRunFinish, opsRunStart } from '../loop/contract/endpoint.ts';
import type { NightResult } from '../loop/contract/opsRun.ts';
import type { Batch, Spool } from './spool.ts';
import type { SpoolRow } from './spoolRow.ts';

/** Why rows are not getting through. */
export interface Trouble {
  /** Trying again cannot help: a refused credential, an unknown address. */
  readonly permanent: boolean;
  /** Nothing listens there. */
  readonly unreachable: boolean;
  /** Says something of the whole site, not of these rows alone. */
  readonly sitewide: boolean;
  readonly message: string;
}

/** What happens to rows on their way. */
export interface DeliveryOptions {
  readonly client: ApiClient;
  readonly spool: Spool;
  /** Told once, when trouble is permanent. */
  readonly onStopped?: (trouble: Trouble) => void;
  /** Told the outcome of the run when its finish was accepted. */
  readonly onFinished?: (result: NightResult | null) => void;
  /** Told when another run holds the signature's lease; the run then starts without it. Without this, that is permanent trouble. */
  readonly onLeaseHeld?: (message: string) => void;
  /** Drops a row or changes it; used for what an earlier process left. */
  readonly adapt?: (row: SpoolRow) => SpoolRow | null;
}

/** How long {@link Delivery.drain} may take, in milliseconds. */
export interface DrainLimits {
  /** Give up when the server acknowledged nothing for so long. */
  readonly stallMs: number;
  /** Give up after so long, however well it goes. */
  readonly capMs: number;
  /** Give up at the first refused connection. */
  readonly failFast: boolean;
}

/** Rows gather for so long, so that a burst of tests becomes few requests. */
const GATHER_MS = 50;
const BACKOFF_START_MS = 100;
const BACKOFF_MOST_MS = 2_000;

/** Sends a spool to the server: in order, in batches, off the path of the tests, again until it is acknowledged. Never throws. */
export class Delivery {
  readonly #options: DeliveryOptions;
  #loop: Promise<void> | null = null;
  #trouble: Trouble | null = null;
  #stopped = false;
  #draining = false;
  #failFast = false;
  #lastProgress = 0;
  #halt = new AbortController();
  #wake: () => void = () => {};
  #started: () => void = () => {};
  /** Resolves when the first request was answered or refused. */
  readonly firstAnswer: Promise<void>;

  constructor(options: DeliveryOptions) {
    this.#options = options;
    this.firstAnswer = new Promise(resolve => {
      this.#started = resolve;
    });
  }

  /** What is wrong now, or null. */
  get trouble(): Trouble | null {
    return this.#trouble;
  }

  /** Rows the server has not acknowledged. */
  get pending(): number {
    return this.#options.spool.pending;
  }

  /** Starts sending what is in the spool, unless that is under way. */
  kick(): void {
    if (this.#stopped || this.#loop !== null || this.pending === 0) return;
    this.#loop = this.#run()
      .catch(error => this.#stop(troubleOf(error)))
      .finally(() => {
        this.#loop = null;
        if (!this.#draining) this.kick();
      });
  }

  /** Waits until everything is acknowledged; false when that did not happen within the limits. */
  async drain(limits: DrainLimits): Promise<boolean> {
    const began = Date.now();
    this.#lastProgress = began;
    this.#draining = true;
    this.#failFast = limits.failFast;
    const watch = setInterval(() => {
      const now = Date.now();
      if (now - this.#lastProgress >= limits.stallMs || now - began >= limits.capMs) this.#giveUp();
    }, 50);
    this.#wake();
    do {
      this.kick();
      await this.#loop;
      // rows may have come while the loop was ending
    } while (this.pending > 0 && this.#trouble === null && !this.#halt.signal.aborted);
    clearInterval(watch);
    this.#draining = false;
    if (this.#halt.signal.aborted) this.#halt = new AbortController();
    return this.pending === 0;
  }

  #giveUp(): void {
    this.#halt.abort();
    this.#wake();
  }

  async #run(): Promise<void> {
    let failures = 0;
    await this.#pause(GATHER_MS);
    while (!this.#halt.signal.aborted) {
      const batch = this.#options.spool.read();
      if (batch === null) return;
      try {
        await this.#send(batch);
        this.#options.spool.acknowledge(batch);
        this.#lastProgress = Date.now();
        this.#trouble = null;
        failures = 0;
      } catch (error) {
        const trouble = troubleOf(error);
        if (trouble.permanent) return this.#stop(trouble);
        // a call given up by us says nothing about the server; keep what was known before
        if (!this.#halt.signal.aborted || this.#trouble === null) this.#trouble = trouble;
        if (this.#draining && this.#failFast && trouble.unreachable) return;
        await this.#pause(Math.random() * Math.min(BACKOFF_MOST_MS, BACKOFF_START_MS * 2 ** failures));
        failures += 1;
        continue;
      } finally {
        this.#started();
      }
      if (!this.#draining) await this.#pause(GATHER_MS);
    }
  }

  async #send({ rows }: Batch): Promise<void> {
    const { client, spool, adapt, onFinished } = this.#options;
    const sent = adapt === undefined ? [...rows] : rows.flatMap(row => adapt(row) ?? []);
    const options = { signal: this.#halt.signal };
    const [first] = sent;
    if (first === undefined) return;
    if (first.op === 'start') await this.#start(first.request);
    else if (first.op === 'finish') {
      const answer = await client.call(opsRunFinish, first.request, options);
      onFinished?.(answer.result);
    } else {
      const events = sent.flatMap(row => (row.op === 'event' ? [row.event] : []));
      await client.call(opsRunEvent, { runId: spool.header.runId, events }, options);
    }
  }

  async #start(request: Extract<SpoolRow, { op: 'start' }>['request']): Promise<void> {
    const { client, onLeaseHeld } = this.#options;
    const options = { signal: this.#halt.signal };
    try {
      await client.call(opsRunStart, request, options);
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'lease_held' || onLeaseHeld === undefined)
        throw error;
      const { signatureId: _lease, ...withoutLease } = request;
      await client.call(opsRunStart, withoutLease, options);
      onLeaseHeld(error.message);
    }
  }

  #stop(trouble: Trouble): void {
    this.#trouble = trouble;
    this.#stopped = true;
    this.#started();
    this.#options.onStopped?.(trouble);
  }

  /** A wait that {@link drain} cuts short. */
  #pause(ms: number): Promise<void> {
    if (this.#halt.signal.aborted) return Promise.resolve();
    return new Promise(resolve => {
      const timer = setTimeout(resolve, ms);
      this.#wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  }
}

/** Answers that may be different the next time, although they are the caller's fault by their number. */
const PASSING = [408, 425, 429];

/** Tells what can pass by itself from what cannot. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof ApiError))
    return { permanent: true, unreachable: false, sitewide: false, message: String(error) };
  const { status, code, message } = error;
  const retried =
    ['unreachable', 'timeout', 'cancelled'].includes(code) || status >= 500 || PASSING.includes(status);
  const sitewide = retried || status === 401 || status === 403;
  return { permanent: !retried, unreachable: code === 'unreachable', sitewide, message };
}
