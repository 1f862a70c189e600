import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type * as z from 'zod';
import type { Endpoint } from '../../loop/contract/endpoint.ts';
import { opsRunEvent, opsRunFinish, opsRunStart } from '../../loop/contract/endpoint.ts';
import type { NightResult, OpsEvent } from '../../loop/contract/opsRun.ts';

export const SINK_SECRET = 'the-admin-secret-of-the-sink';
export const SIGNATURE_ID = '@acme/app/Pick.v1';

/** How the sink treats a request; null lets it through. */
type Behaviour = (path: string, nth: number, body: string) => Promise<Refusal> | Refusal;
type Refusal = number | 'run_finished' | null;

/** A server of the three run endpoints that checks what it gets with the contract and remembers all of it. */
export class RecordingSink {
  readonly starts: z.output<typeof opsRunStart.request>[] = [];
  readonly finishes: z.output<typeof opsRunFinish.request>[] = [];
  readonly events: OpsEvent[] = [];
  /** When each event came, in the order of `events`. */
  readonly arrivals: number[] = [];
  readonly bodies: string[] = [];
  readonly invalid: string[] = [];
  duplicates = 0;
  requests = 0;
  behave: Behaviour = () => null;
  #server: Server | null = null;
  #port = 0;

  static async open(): Promise<RecordingSink> {
    const sink = new RecordingSink();
    await sink.up();
    return sink;
  }

  get baseUrl(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Listens, on the same port every time. */
  async up(): Promise<void> {
    const server = createServer((request, response) => void this.#answer(request, response));
    await new Promise<void>(resolve => server.listen(this.#port, '127.0.0.1', resolve));
    this.#port = (server.address() as AddressInfo).port;
    this.#server = server;
  }

  /** Refuses connections, and breaks those that are open. */
  async down(): Promise<void> {
    const server = this.#server;
    this.#server = null;
    server?.closeAllConnections();
    await new Promise(resolve => (server ? server.close(resolve) : resolve(undefined)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.down();
  }

  /** Outcomes told of each test title, in order. */
  outcomes(): Record<string, string[]> {
    const told: Record<string, string[]> = {};
    for (const event of this.events) {
      if (event.kind !== 'test_end') continue;
      const list = told[event.data.title] ?? [];
      told[event.data.title] = [...list, event.data.outcome];
    }
    return told;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    for await (const chunk of request) body += String(chunk);
    this.requests += 1;
    const path = request.url ?? '';
    const status = await this.behave(path, this.requests, body);
    const reply = (code: number, json: unknown) =>
      response.writeHead(code, { 'content-type': 'application/json' }).end(JSON.stringify(json));
    const refuse = (code: number, name: string) =>
      reply(code, { ok: false, error: { code: name, message: `the sink says ${name}` } });
    if (status === 'run_finished') return void refuse(409, status);
    if (status !== null) return void refuse(status, status === 409 ? 'lease_held' : 'internal');
    if (request.headers.authorization !== `Bearer ${SINK_SECRET}`) return void refuse(401, 'unauthorized');
    this.bodies.push(body);
    const handled = this.#record(path, JSON.parse(body));
    if (handled === null) return void refuse(400, 'bad_request');
    reply(200, { ok: true, ...handled });
  }

  #record(path: string, body: unknown): object | null {
    if (path === opsRunStart.path) {
      const start = this.#valid(opsRunStart, body);
      if (start !== null) this.starts.push(start);
      return start && { run: runView(start.runId), created: this.starts.length === 1 };
    }
    if (path === opsRunEvent.path) {
      const batch = this.#valid(opsRunEvent, body);
      return batch && this.#store(batch.events);
    }
    const finish = this.#valid(opsRunFinish, body);
    if (finish !== null) this.finishes.push(finish);
    const night = this.starts.some(start => start.signatureId !== undefined);
    return finish && { run: runView(finish.runId), result: night ? this.result(finish.runId) : null };
  }

  #store(events: readonly OpsEvent[]): { accepted: number; duplicates: number } {
    const known = new Set(this.events.map(event => event.eventId));
    const fresh = events.filter(event => !known.has(event.eventId));
    this.events.push(...fresh);
    this.arrivals.push(...fresh.map(() => Date.now()));
    const duplicates = events.length - fresh.length;
    this.duplicates += duplicates;
    return { accepted: fresh.length, duplicates };
  }

  #valid<E extends Endpoint>(endpoint: E, body: unknown): z.output<E['request']> | null {
    const parsed = endpoint.request.safeParse(body);
    if (parsed.success) return parsed.data as z.output<E['request']>;
    this.invalid.push(parsed.error.message);
    return null;
  }

  result(runId: string): NightResult {
    return {
      runId,
      verdict: 'kept',
      reason: 'no candidate beat the control',
      signatureId: SIGNATURE_ID,
      holdout: { n: 40, before: 0.5, after: 0.55, pValue: 0.31 },
      compile: null,
      canary: null,
      url: `${this.baseUrl}/dse/ops/${runId}`,
    };
  }
}

/** A behaviour that takes its time over every request. */
export function slow(ms: number): Behaviour {
  return async () => {
    await sleep(ms);
    return null;
  };
}

function runView(runId: string) {
  return {
    runId,
    signatureId: null,
    status: 'running' as const,
    verdict: null,
    reason: null,
    startedAt: 1,
    finishedAt: null,
    phases: {},
  };
}
