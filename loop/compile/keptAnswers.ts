import type { ItemScore } from './labelled.ts';

/** What one candidate made of one row, as the ledger keeps it. */
export type KeptAnswer = Required<ItemScore> & { readonly contentHash: string };

/** Answers of one candidate that were written together: one document of the ledger. */
export interface AnswerBatch {
  readonly candidateKey: string;
  /** Array of {@link KeptAnswer}. */
  readonly answersJson: string;
}

// A document may have a mebibyte, and a character takes at most three bytes in it.
const MOST_CHARS = 300_000;

/** Gathers answers into as few batches as their candidates and the size of a document allow. */
export function batchesOf(
  gathered: readonly { readonly candidateKey: string; readonly answer: KeptAnswer }[],
): AnswerBatch[] {
  const batches: AnswerBatch[] = [];
  const open = new Map<string, { texts: string[]; chars: number }>();
  const close = (candidateKey: string, texts: readonly string[]) =>
    batches.push({ candidateKey, answersJson: `[${texts.join(',')}]` });
  for (const { candidateKey, answer } of gathered) {
    const text = JSON.stringify(answer);
    let batch = open.get(candidateKey);
    if (batch && batch.chars + text.length > MOST_CHARS) {
      close(candidateKey, batch.texts);
      batch = undefined;
    }
    if (!batch) {
      batch = { texts: [], chars: 0 };
      open.set(candidateKey, batch);
    }
    batch.texts.push(text);
    batch.chars += text.length;
  }
  for (const [candidateKey, { texts }] of open) close(candidateKey, texts);
  return batches;
}

/** Answers of one candidate by content, from its batches in the order of writing. When a row was answered twice, the first answer counts. */
export function answersIn(batches: readonly string[]): Map<string, KeptAnswer> {
  const answers = new Map<string, KeptAnswer>();
  for (const batch of batches)
    for (const answer of JSON.parse(batch) as KeptAnswer[])
      if (!answers.has(answer.contentHash)) answers.set(answer.contentHash, answer);
  return answers;
}
