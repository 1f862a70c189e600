import { type AnswerBatch, answersIn, batchesOf, type KeptAnswer } from './keptAnswers.ts';

// A kill loses at most this much paid work besides the calls under way; writing each answer alone costs more than the calls.
const GATHER_MS = 50;

// A query of Convex reads at most 16 MiB: so many candidates with a few thousand answers each.
const READ_TOGETHER = 8;

/** Where the ledger is stored. */
export interface AnswerStore {
  /** All batches of each candidate, the oldest first. */
  read(candidateKeys: readonly string[]): Promise<readonly (readonly string[])[]>;
  /** Resolves when the batches are durable. */
  write(batches: readonly AnswerBatch[]): Promise<void>;
}

/**
 * The ledger as one step of a job sees it. What a candidate has answered is read once and written on as answers come: all that were gathered in
 * one transaction, and one transaction at a time.
 */
export class AnswerLedger {
  readonly #store: AnswerStore;
  readonly #known = new Map<string, Map<string, KeptAnswer>>();
  #gathered: { candidateKey: string; answer: KeptAnswer }[] = [];
  #writing: Promise<void> | null = null;
  #soon: ReturnType<typeof setTimeout> | null = null;
  #failure: unknown = null;

  constructor(store: AnswerStore) {
    this.#store = store;
  }

  /** What candidates have answered, by content. */
  async known(candidateKeys: readonly string[]): Promise<ReadonlyMap<string, KeptAnswer>[]> {
    const unread = [...new Set(candidateKeys)].filter(key => !this.#known.has(key));
    const reading = [];
    for (let from = 0; from < unread.length; from += READ_TOGETHER)
      reading.push(this.#read(unread.slice(from, from + READ_TOGETHER)));
    await Promise.all(reading);
    return candidateKeys.map(key => this.#known.get(key) ?? new Map());
  }

  async #read(candidateKeys: readonly string[]): Promise<void> {
    const read = await this.#store.read(candidateKeys);
    candidateKeys.forEach((key, i) => {
      if (!this.#known.has(key)) this.#known.set(key, answersIn(read[i] ?? []));
    });
  }

  /** Keeps an answer of a candidate whose answers were read. It is written soon, not at once: what comes meanwhile goes with it. */
  keep(candidateKey: string, answer: KeptAnswer): void {
    this.#known.get(candidateKey)?.set(answer.contentHash, answer);
    this.#gathered.push({ candidateKey, answer });
    this.#writeSoon();
  }

  /** Waits until everything kept is durable. */
  async flush(): Promise<void> {
    await this.settled();
    this.throwFailure();
  }

  /** Waits until everything kept is durable or could not be written. */
  async settled(): Promise<void> {
    while (this.#writing || this.#gathered.length > 0) await (this.#writing ?? this.writeNow());
  }

  /** Throws what a write threw. */
  throwFailure(): void {
    if (this.#failure !== null) throw this.#failure;
  }

  /** Writes what there is, also when that is nothing, unless a write is under way. */
  writeNow(): Promise<void> {
    this.#writing ??= this.#store
      .write(batchesOf(this.#gathered.splice(0)))
      .catch(error => {
        this.#failure = error;
      })
      .finally(() => {
        this.#writing = null;
        if (this.#gathered.length > 0) this.#writeSoon();
      });
    return this.#writing;
  }

  #writeSoon(): void {
    this.#soon ??= setTimeout(() => {
      this.#soon = null;
      if (this.#gathered.length > 0) void this.writeNow();
    }, GATHER_MS);
  }
}
