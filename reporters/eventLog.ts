import type { Json } from '../loop/contract/json.ts';
import type { AttachmentFacts, OpsEvent, TestFacts } from '../loop/contract/opsRun.ts';
import { boundedText } from './boundedText.ts';
import { cleanJson } from './cleanJson.ts';
import type { Redact } from './redact.ts';
import type { SpoolRow } from './spoolRow.ts';
import type { TestPlace } from './testFacts.ts';

const LONGEST_MESSAGE = 2_000;

/** Kinds whose data is free JSON. */
export type FreeKind = Exclude<OpsEvent['kind'], 'test_begin' | 'test_end' | 'attachment' | 'phase'>;

/** Where an event log writes to, and under which names. */
export interface EventLogOptions {
  readonly runId: string;
  /** Different in each process, so that a continued run makes new events while redelivery repeats old ones. */
  readonly nonce: string;
  readonly source: string;
  readonly redact: Redact;
  readonly append: (row: SpoolRow) => void;
}

/**
 * Numbers events and takes secrets out of every text in them. What is added fits the contract by the bounds of whoever made it;
 * checking it again would cost more than all the rest, and the server checks it.
 */
export class EventLog {
  readonly #options: EventLogOptions;
  #seq = 0;

  constructor(options: EventLogOptions) {
    this.#options = options;
  }

  /** Adds an event with free data. */
  add(kind: FreeKind, message: string, data: Json): void {
    this.#append({ ...this.#base(message), kind, data: cleanJson(data, this.#options.redact) });
  }

  /** Adds the begin of one attempt of a test; its facts and the message are already free of secrets. */
  addTestBegin(message: string, facts: TestPlace & { retry: number; workerIndex: number }): void {
    this.#append({ ...this.#base(message), kind: 'test_begin', data: { ...facts } });
  }

  /** Adds the end of one attempt of a test; its facts are already free of secrets. */
  addTestEnd(message: string, facts: TestFacts): void {
    this.#append({ ...this.#base(message), kind: 'test_end', data: facts });
  }

  /** Adds what is known of an attachment; its facts are already free of secrets. */
  addAttachment(facts: AttachmentFacts): void {
    this.#append({ ...this.#base(`attachment: ${facts.name}`), kind: 'attachment', data: facts });
  }

  #base(message: string) {
    const { runId, nonce, source, redact } = this.#options;
    const seq = this.#seq++;
    return {
      // of one width, so that ids sort as the events do: the server finds a batch in one stretch of its index
      eventId: `${runId}:${nonce}:${String(seq).padStart(7, '0')}`,
      source,
      seq,
      at: Date.now(),
      message: boundedText(message, LONGEST_MESSAGE, redact),
    };
  }

  #append(event: OpsEvent): void {
    this.#options.append({ op: 'event', event });
  }
}
