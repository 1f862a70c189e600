import * as z from 'zod';
import { ApiError } from '../loop/contract/apiClientError.ts';
import type { ApiClient } from '../loop/contract/client.ts';
import { opsRunEvent, opsRunFinish, opsRunStart } from '../loop/contract/endpoint.ts';
import type { NightResult, OpsEvent, opsRunEventRequestSchema } from '../loop/contract/opsRun.ts';
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
  /** The server does not take these very rows, whatever else it takes. */
  readonly refusesRows: boolean;
  /** The run had ended before these rows began: they are no part of it, and were let go. */
  readonly runIsClosed: boolean;
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
  /** Told of rows that the server will never take; they are set aside, and the rest goes on. */
  readonly onRefused?: (message: string) => void;
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

/** Rows gather for so long: a request costs as much as the rows of some twenty tests, on both sides. */
const GATHER_MS = 500;
const BACKOFF_START_MS = 100;
const BACKOFF_MOST_MS = 2_000;

/** Sends a spool to the server: in order, in batches, off the path of the tests, again until it is acknowledged. Never throws. */
export class Delivery {
  readonly #options: DeliveryOptions;
  #loop: Promise<void> | null = null;
  #trouble: Trouble | null = null;
  #stopped = false;
  #begun = false;
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
    // rows read one by one, to find the one that the server refuses
    let oneByOne = 0;
    if (this.#begun) await this.#pause(GATHER_MS);
    this.#begun = true;
    while (!this.#halt.signal.aborted) {
      const batch = this.#options.spool.read(oneByOne > 0 ? 1 : undefined);
      if (batch === null) return;
      try {
        await this.#send(batch);
        this.#options.spool.acknowledge(batch);
        this.#lastProgress = Date.now();
        this.#trouble = null;
        failures = 0;
        oneByOne = Math.max(0, oneByOne - 1);
      } catch (error) {
        const trouble = troubleOf(error);
        if (trouble.refusesRows) {
          if (batch.lines > 1) oneByOne = batch.lines;
          else {
            this.#options.spool.setAside(batch);
            this.#options.onRefused?.(trouble.message);
          }
          continue;
        }
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
      if (!this.#draining && oneByOne === 0) await this.#pause(GATHER_MS);
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
      const events = worthSending(sent.flatMap(row => (row.op === 'event' ? [row.event] : [])));
      await client.call(uncheckedEvent, { runId: spool.header.runId, events }, options);
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
    if (trouble.runIsClosed) this.#options.spool.discard();
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

/** The endpoint without a check on this side: the rows are our own, and the server checks them. */
const uncheckedEvent = { ...opsRunEvent, request: z.custom<z.input<typeof opsRunEventRequestSchema>>() };

/** Without the begins of attempts whose end goes with them: an end says all that its begin does. */
function worthSending(events: readonly OpsEvent[]): OpsEvent[] {
  const attemptOf = (data: unknown) => {
    const { testId, retry } = data as { testId: string; retry: number };
    return `${testId} ${retry}`;
  };
  const ended = new Set(events.flatMap(event => (event.kind === 'test_end' ? [attemptOf(event.data)] : [])));
  return events.filter(event => event.kind !== 'test_begin' || !ended.has(attemptOf(event.data)));
}

/** Answers that may be different the next time, although they are the caller's fault by their number. */
const PASSING = [408, 425, 429];
/** Answers to what is sent, whoever sends it. */
const REFUSED = [400, 413, 422];

/** Tells what can pass by itself from what cannot. */
export function troubleOf(error: unknown): Trouble {
  if (!(error instanceof ApiError))
    return {
      permanent: true,
      unreachable: false,
      sitewide: false,
      refusesRows: false,
      runIsClosed: false,
      message: String(error),
    };
  const { status, code, message } = error;
  const retried =
    ['unreachable', 'timeout', 'cancelled'].includes(code) || status >= 500 || PASSING.includes(status);
  const sitewide = retried || status === 401 || status === 403;
  const refusesRows = REFUSED.includes(status) && code !== 'invalid_response';
  const unreachable = code === 'unreachable';
  const runIsClosed = code === 'run_finished';
  return { permanent: !retried, unreachable, sitewide, refusesRows, runIsClosed, message };
}
