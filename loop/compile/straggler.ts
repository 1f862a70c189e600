/** Answers of the same kind before which nobody knows what is slow. */
const LEAST_ANSWERS = 20;
/** So many times as long as nearly all others took. */
const SLOWER_THAN_MOST = 4;
/** Faster than this nothing is a straggler. */
const LEAST_MS = 2_000;
/** Answers remembered. */
const WINDOW = 200;
/** Answers after which they are looked at again; divides the two above. */
const LOOKED_AT_EVERY = 10;

/** Knows how long answers take, and after how long one is worth asking for again. */
export class Patience {
  readonly #times: number[] = [];
  #next = 0;
  #most = 0;

  answered(ms: number): void {
    this.#times[this.#next] = ms;
    this.#next = (this.#next + 1) % WINDOW;
    if (this.#next % LOOKED_AT_EVERY === 0) this.#look();
  }

  /** Milliseconds after which a call is a straggler; null while too little is known. */
  get limitMs(): number | null {
    if (this.#times.length < LEAST_ANSWERS) return null;
    return Math.max(LEAST_MS, SLOWER_THAN_MOST * this.#most);
  }

  #look(): void {
    const sorted = [...this.#times].sort((a, b) => a - b);
    this.#most = sorted[Math.floor(sorted.length * 0.95)] ?? 0;
  }
}

/**
 * Runs a call, and once more beside it when it takes longer than `afterMs` (Dean & Barroso 2013, "The Tail at Scale": hedged requests).
 * The first to succeed counts, and the other is aborted. With null it just runs.
 */
export async function onceMore<T>(
  run: (signal: AbortSignal) => Promise<T>,
  afterMs: number | null,
  options: {
    readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>;
    /** Whether an answer is one that the other may still better. */
    readonly isFailure: (answer: T) => boolean;
    readonly onResubmit: () => void;
  },
): Promise<T> {
  const ends = [new AbortController(), new AbortController()] as const;
  const first = run(ends[0].signal);
  if (afterMs === null) return await first;
  const timer = new AbortController();
  const late = await Promise.race([
    first.then(
      () => false,
      () => false,
    ),
    options.sleep(afterMs, timer.signal).then(
      () => true,
      () => false,
    ),
  ]);
  // With a reason of ours no error is made for it, which took longer than the race.
  timer.abort('over');
  if (!late) return await first;
  options.onResubmit();
  const second = run(ends[1].signal);
  const better = await Promise.race([first, second]);
  if (options.isFailure(better)) return await later([first, second], options.isFailure);
  for (const end of ends) end.abort();
  return better;
}

/** The one of two answers that is no failure, else the first. */
async function later<T>(runs: readonly Promise<T>[], isFailure: (answer: T) => boolean): Promise<T> {
  const answers = await Promise.all(runs);
  return answers.find(answer => !isFailure(answer)) ?? (answers[0] as T);
}
