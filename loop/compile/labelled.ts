import type { Json } from '../contract/json.ts';
import type { Spent } from './purse.ts';

/** A labelled row as the search sees it. */
export interface LabelledExample {
  readonly exampleId: string;
  readonly contentHash: string;
  readonly input: Json;
  readonly expected: Json;
}

/** A stored row as the engine takes it. */
export function labelled(row: {
  exampleId: string;
  contentHash: string;
  inputJson: string;
  expectedJson: string;
}): LabelledExample {
  const { exampleId, contentHash } = row;
  const [input, expected] = [JSON.parse(row.inputJson) as Json, JSON.parse(row.expectedJson) as Json];
  return { exampleId, contentHash, input, expected };
}

/** How one candidate did on one row. A failed predict is an outcome: score 0 with its code. */
export interface ItemScore {
  readonly exampleId: string;
  readonly score: number;
  readonly errorCode: string | null;
  readonly output: Json | null;
  readonly receiptId: string | null;
  /** What the judge said, where there is one. */
  readonly notes?: string | null;
  /** What the answer cost; without it, one call. */
  readonly spent?: Spent;
}

/** Scores of one candidate by `exampleId`. */
export type Scores = ReadonlyMap<string, ItemScore>;

/** Mean score over the rows for which `counts` is true; null without any. */
export function meanScore(
  scores: Scores,
  rows: readonly LabelledExample[],
  leaveOut: ReadonlySet<string>,
): number | null {
  let sum = 0;
  let n = 0;
  for (const row of rows) {
    if (leaveOut.has(row.exampleId)) continue;
    const score = scores.get(row.exampleId);
    if (!score) throw new Error(`example ${row.exampleId} was not scored`);
    sum += score.score;
    n++;
  }
  return n === 0 ? null : sum / n;
}
