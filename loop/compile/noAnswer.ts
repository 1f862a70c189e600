import { JUDGE_FAILED } from '../reward/scoreRow.ts';
import type { ItemScore, Scores } from './labelled.ts';

/** Errors of the endpoint: the model, or the judge, said nothing, good or bad. */
export const NO_ANSWER: readonly string[] = [
  'model_unreachable',
  'model_rate_limited',
  'model_error',
  'timeout',
  JUDGE_FAILED,
];

/** Whether the endpoint was silent, which says nothing of the artifact that was asked. */
export function gotNoAnswer({ errorCode }: ItemScore): boolean {
  return NO_ANSWER.includes(errorCode ?? '');
}

/**
 * The scores of today's artifact as the gate counts them. Where the endpoint was silent while it was asked, the row is a tie: an
 * outage during one half of a comparison must not look like a gain of the other. Silence towards the candidate stays its loss.
 */
export function withoutOutage(before: Scores, after: Scores): Scores {
  return new Map(
    [...before].map(([exampleId, item]): [string, ItemScore] => {
      const score = Math.max(item.score, after.get(exampleId)?.score ?? 0);
      return [exampleId, gotNoAnswer(item) ? { ...item, score } : item];
    }),
  );
}
