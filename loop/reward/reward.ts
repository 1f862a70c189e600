import type { Json } from '../contract/json.ts';
import type { Artifact } from '../contract/params.ts';
import type { PredictFacts } from '../predict/predict.ts';
import type { Models, Signature } from '../signature.ts';

/** Name and version of every reward. Another way to score is another version: scores in the ledger are kept under it. */
export type RewardName = 'exact_json_match.v1' | 'judged_summary.v1' | 'close_score.v1';

/** An answer beside what was wanted. */
export interface Answer {
  readonly input: Json;
  readonly output: Json;
  readonly expected: Json;
}

/** A score of 0 to 1 with what the scorer says about it; the score is null when the judge gave no grade. */
export interface Grade {
  readonly score: number | null;
  readonly notes: string | null;
  /** What the judge was asked and did; null without a judge. */
  readonly judged: { readonly input: Json; readonly facts: PredictFacts } | null;
}

/** Who grades: a signature of its own, and the artifact that fixes how it is asked. */
export interface Judge {
  readonly signature: Signature;
  /** Pinned but for the model, which is `models.judge` in every role. */
  artifact(models: Models): Artifact;
}

/** How an answer of a signature is scored against the expected one. */
export interface Reward {
  readonly name: RewardName;
  /** `exact`: 0 or 1, compared by the exact McNemar test. `graded`: 0 to 1, compared by the paired bootstrap. */
  readonly kind: 'exact' | 'graded';
  /** Null when no model is asked. */
  readonly judge: Judge | null;
  /** Scores one answer. `ask` puts an input to the judge; it is called at most once. */
  score(answer: Answer, ask: (input: Json) => Promise<PredictFacts>): Promise<Grade>;
}
