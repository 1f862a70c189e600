import { detectableGain } from './mcnemar.ts';

/** What a night can see: "with N holdout items this night can see a gain of X points with 80 % power". */
export function powerSentence({ holdout, alpha }: { holdout: number; alpha: number }): string {
  if (holdout === 0) return 'The holdout was not opened: there was nothing to decide.';
  const { points } = detectableGain({ n: holdout, alpha, power: 0.8 });
  return points === null
    ? `With ${holdout} holdout items this night cannot see any gain with 80 % power.`
    : `With ${holdout} holdout items this night can see a gain of ${points.toFixed(1)} points with 80 % power.`;
}
