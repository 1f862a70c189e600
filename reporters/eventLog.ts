import type { Json } from '../loop/contract/json.ts';
import {
  type AttachmentFacts,
  type OpsEvent,
  opsEventSchema,
  type TestFacts,
} from '../loop/contract/opsRun.ts';
import { boundedText } from './boundedText.ts';
import { cleanJson } from './cleanJson.ts';
import type { Redact } from './redact.ts';
import type { SpoolRow } from './spoolRow.ts';

const LONGEST_MESSAGE = 2_000;

/** Kinds whose data is free JSON. */
export type FreeKind = Exclude<OpsEvent['kind'], 'test_end' | 'attachment' | 'phase'>;

/** Where an event log writes to, and under which names. */
export interface EventLogOptions {
  readonly runId: string;
  /** Different in each process, so that a continued run makes new events while redelivery repeats old ones. */
  readonly nonce: string;
  readonly source: string;
  readonly redact: Redact;
  readonly append: (row: SpoolRow) => void;
}

/** Numbers events, takes secrets out of every text in them and checks them against the contract before they are spooled. */
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
      eventId: `${runId}:${nonce}:${seq}`,
      source,
      seq,
      at: Date.now(),
      message: boundedText(message, LONGEST_MESSAGE, redact),
    };
  }

  #append(event: OpsEvent): void {
    const valid = opsEventSchema.safeParse(event);
    if (valid.success) {
      this.#options.append({ op: 'event', event: valid.data });
      return;
    }
    const [issue] = valid.error.issues;
    const { eventId, source, seq, at } = event;
    const message = `An event ${event.kind} did not fit the contract: ${issue?.path.join('.')}: ${issue?.message}`;
    const note = {
      eventId,
      source,
      seq,
      at,
      message: message.slice(0, LONGEST_MESSAGE),
      kind: 'note' as const,
      data: {},
    };
    this.#options.append({ op: 'event', event: note });
  }
}
