import os from 'node:os';
import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import { type ApiClient, createApiClient } from '../loop/contract/client.ts';
import { opsRunStart } from '../loop/contract/endpoint.ts';
import type { NightResult } from '../loop/contract/opsRun.ts';
import { deliverScript } from './besides.ts';
import { cleanRecord } from './cleanJson.ts';
import { Delivery, type Trouble } from './delivery.ts';
import { EventLog } from './eventLog.ts';
import { claim, deliverLeftovers, type LeftoverCounts } from './leftovers.ts';
import { type ConvexReporterOptions, DEFAULT_SPOOL_DIR, type Settings } from './options.ts';
import type { Redact } from './redact.ts';
import { runFacts } from './runFacts.ts';
import { Spool } from './spool.ts';
import type { SpoolRow } from './spoolRow.ts';

/** The server's watchdog takes a run without a sign of life for dead after a few of these. */
const HEARTBEAT_MS = 15_000;
/** A post that takes longer is sent again; the server ignores what it already has. */
const POST_TIMEOUT_MS = 10_000;
/** At the end people wait: so long without progress, and so long in all. */
const STALL_MS = 5_000;
const CAP_MS = 30_000;

/** What a session is made of. */
export interface SessionOptions {
  readonly options: ConvexReporterOptions;
  readonly settings: Settings;
  readonly config: FullConfig;
  readonly nonce: string;
  readonly redact: Redact;
  /** Prints a sentence to stderr. */
  readonly say: (text: string) => void;
}

/** One process's part of one run: its spool, its delivery, its heartbeat, and what earlier processes left. */
export class RunSession {
  readonly events: EventLog;
  spoolDir: string;
  /** What the server made of the run, once it accepted the finish. */
  result: NightResult | null = null;
  finished = false;
  /** Why there may be no result although the server answered. */
  leaseTrouble: string | null = null;
  readonly #spool: Spool;
  readonly #client: ApiClient;
  readonly #delivery: Delivery;
  readonly #begunAt = Date.now();
  readonly #facts: ReturnType<typeof runFacts>;
  readonly #heartbeat: NodeJS.Timeout;
  readonly #session: SessionOptions;
  #leftovers: Promise<LeftoverCounts>;
  #saidStopped = false;
  readonly #refused: string[] = [];

  /** Opens the spool, writes the start of the run to it and begins to send. @throws when no spool can be written anywhere. */
  constructor(session: SessionOptions) {
    const { options, settings, config, nonce, redact } = session;
    this.#session = session;
    const { baseUrl, credential, runId } = settings;
    this.#client = createApiClient({
      baseUrl,
      credential,
      fetch: globalThis.fetch,
      timeoutMs: POST_TIMEOUT_MS,
    });
    this.spoolDir = options.spoolDir ?? DEFAULT_SPOOL_DIR;
    this.#spool = this.#openSpool();
    claim(this.#spool);
    this.#facts = cleanRecord(runFacts(config, process.env, options.labels ?? {}), redact);
    this.#delivery = new Delivery({
      client: this.#client,
      spool: this.#spool,
      onStopped: trouble => this.#sayStopped(trouble),
      onRefused: message => this.#refused.push(message),
      onLeaseHeld: message => {
        this.leaseTrouble = redact(message);
        session.say(`this night runs without the lease of its signature: ${this.leaseTrouble}`);
      },
      onFinished: result => {
        this.finished = true;
        this.result = result;
      },
    });
    const shard = config.shard === null ? '' : `${config.shard.current}/${config.shard.total}:`;
    this.events = new EventLog({
      runId,
      nonce,
      source: `reporter:${shard}${nonce}`,
      redact,
      append: row => this.append(row),
    });
    this.append({ op: 'start', request: this.#startRequest() });
    this.#leftovers = this.#deliverLeftovers();
    this.#heartbeat = setInterval(() => void this.#beat(), HEARTBEAT_MS).unref();
  }

  /** Writes a row ahead and has it sent. */
  append(row: SpoolRow): void {
    if (this.trouble?.runIsClosed) return;
    this.#spool.append(row);
    this.#delivery.kick();
  }

  /** Waits until the server answered for the first time, but not longer than `ms`. */
  async firstAnswer(ms: number): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>(resolve => {
      timer = setTimeout(resolve, ms);
    });
    await Promise.race([this.#delivery.firstAnswer, late]);
    clearTimeout(timer);
  }

  /** Sends what is left. With `serversUp`, a refused connection is worth a few seconds unless it was refused before. */
  async drain({ serversUp }: { serversUp: boolean }): Promise<void> {
    const knownDead = this.#delivery.trouble?.unreachable ?? false;
    await this.#delivery.drain({ stallMs: STALL_MS, capMs: CAP_MS, failFast: !serversUp || knownDead });
    if (this.#delivery.pending > 0) return;
    const { remaining } = await this.#leftovers;
    if (remaining === 0) return;
    this.#leftovers = this.#deliverLeftovers();
    await this.#leftovers;
  }

  get runId(): string {
    return this.#session.settings.runId;
  }

  /** The run's page. */
  get url(): string {
    return `${this.#client.baseUrl}/dse/ops/${this.runId}`;
  }

  /** Rows of this process that the server does not have. */
  get undelivered(): number {
    return this.#spool.pending;
  }

  get trouble(): Trouble | null {
    return this.#delivery.trouble;
  }

  /** Ends the heartbeat, closes the spool and says what is still wrong, once. */
  async close(advice: string): Promise<void> {
    clearInterval(this.#heartbeat);
    this.#spool.close();
    const { say, redact } = this.#session;
    const { lost, diskTrouble, path: file } = this.#spool;
    if (diskTrouble !== null)
      say(
        `${file} could not be written (${diskTrouble}); rows went through memory, and ${lost} found no room and are lost.`,
      );
    if (this.#refused.length > 0)
      say(
        `the server refused ${this.#refused.length} rows, kept in ${file}.refused: ${redact(this.#refused[0] ?? '')}`,
      );
    if (this.undelivered > 0 && !this.#saidStopped) {
      const why = redact(this.trouble?.message ?? `${this.#session.settings.baseUrl} was too slow`);
      say(
        `${this.undelivered} rows of run ${this.runId} are not delivered: ${why}${advice}\n${this.#whereAndHow()}`,
      );
      return;
    }
    if (this.undelivered > 0) return;
    const { remaining, elsewhere, troubles } = await this.#leftovers;
    if (remaining > 0)
      say(`${remaining} rows of earlier runs are still not delivered.\n${this.#whereAndHow()}`);
    if (elsewhere > 0)
      say(
        `${elsewhere} rows of earlier runs wait for another site than ${this.#client.baseUrl}: ${this.deliverCommand}`,
      );
    for (const trouble of troubles) say(redact(trouble));
  }

  /** The command that delivers the spool, as it can be typed in the working folder. */
  get deliverCommand(): string {
    return `${deliverScript()}${this.spoolDir === DEFAULT_SPOOL_DIR ? '' : ` --spool-dir ${this.spoolDir}`}`;
  }

  #openSpool(): Spool {
    const { settings, nonce, say } = this.#session;
    const facts = { runId: settings.runId, baseUrl: this.#client.baseUrl };
    try {
      return Spool.create(this.spoolDir, nonce, facts);
    } catch (error) {
      const elsewhere = path.join(os.tmpdir(), 'overnight-spool');
      say(`the spool folder ${this.spoolDir} cannot be written (${String(error)}); using ${elsewhere}`);
      this.spoolDir = elsewhere;
      return Spool.create(elsewhere, nonce, facts);
    }
  }

  #startRequest() {
    const signatureId = this.leaseTrouble === null ? this.#session.options.night?.signatureId : undefined;
    const { runId } = this.#session.settings;
    return {
      runId,
      facts: this.#facts,
      begunAt: this.#begunAt,
      ...(signatureId === undefined ? {} : { signatureId }),
    };
  }

  /** Renews the heartbeat and the lease. What goes wrong here also goes wrong for rows, which say it. */
  async #beat(): Promise<void> {
    this.#spool.touch();
    if (this.finished || this.#delivery.trouble !== null) return;
    await this.#client.call(opsRunStart, this.#startRequest()).catch(() => {});
  }

  #deliverLeftovers(): Promise<LeftoverCounts> {
    return deliverLeftovers({
      dir: this.spoolDir,
      clientFor: header => (header.baseUrl === this.#client.baseUrl ? this.#client : null),
      liveRunId: this.#session.settings.runId,
      limits: { stallMs: STALL_MS, capMs: CAP_MS, failFast: true },
    });
  }

  #sayStopped(trouble: Trouble): void {
    this.#saidStopped = true;
    const why = this.#session.redact(trouble.message);
    this.#session.say(
      trouble.runIsClosed
        ? `the run itself goes on, and nothing of it is stored: ${why}`
        : `sending stopped, the run itself goes on: ${why}\n${this.#whereAndHow()}`,
    );
  }

  #whereAndHow(): string {
    return `  They are kept in ${path.dirname(this.#spool.path)}; the next run delivers them, or now: ${this.deliverCommand}`;
  }
}
