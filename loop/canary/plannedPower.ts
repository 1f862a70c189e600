import { logBinomial } from '../stats/binomial.ts';
import { logENotWorse } from './eprocess.ts';
import { plannedMessages, type RampStep } from './ramp.ts';
import { percentWords, pointsWords } from './shareWords.ts';
import { USUAL_THRESHOLDS, WRONG_PRIOR } from './thresholds.ts';
import type { Arms } from './verdictInput.ts';

/** What a canary expects: answers of each arm with a known outcome, and their true share of wrong ones. */
export interface Expected {
  readonly n: Arms<number>;
  readonly wrong: Arms<number>;
}

/**
 * The chance that the correctness stream excludes "worse by the margin" once all expected answers are in: the sum over all counts of
 * both arms. It is a little too low, since a look before the end may have shown it already. For large arms counts are taken in
 * strides of an eighth of their standard deviation.
 */
export function chanceOfExcluding({ n, wrong }: Expected, margin: number): number {
  const canaries = likelyCounts(n.canary, wrong.canary);
  const needed = Math.log(1 / USUAL_THRESHOLDS.alphaPass);
  let chance = 0;
  for (const control of likelyCounts(n.control, wrong.control))
    for (const canary of canaries) {
      const arms = {
        control: { bad: control.count, good: n.control - control.count },
        canary: { bad: canary.count, good: n.canary - canary.count },
      };
      if (logENotWorse({ ...arms, prior: WRONG_PRIOR, margin }) >= needed)
        chance += control.weight * canary.weight;
    }
  return chance;
}

/** The smallest loss, in whole points as a share, that is excluded in at least 80 of 100 such canaries; null above 50 points. */
export function smallestLossExcluded(expected: Expected): number | null {
  let [low, high] = [0, 51];
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (chanceOfExcluding(expected, middle / 100) >= 0.8) high = middle;
    else low = middle;
  }
  return high > 50 ? null : high / 100;
}

/** What the deciding step of a ramp can tell, in words, for the shares right that the holdout found. */
export function powerWords(ramp: readonly RampStep[], right: { before: number; after: number }): string {
  const last = ramp.at(-1);
  if (last === undefined) throw new RangeError('A ramp has at least one step');
  const canaries = Math.round(last.users * (last.percent / 100)) * last.messagesPerUser;
  const n = { control: plannedMessages(last) - canaries, canary: canaries };
  const [before, after] = [1 - right.before, 1 - right.after];
  const { correctnessMargin: margin, alphaPass } = USUAL_THRESHOLDS;
  const found = { n, wrong: { control: before, canary: after } };
  const gained = chanceOfExcluding(found, margin);
  const same = chanceOfExcluding({ n, wrong: { control: before, canary: before } }, margin);
  const smallest = smallestLossExcluded(found);
  return [
    `The planned ${n.control} control and ${n.canary} canary messages are to exclude a loss of ${pointsWords(margin)}.`,
    `A canary as right as on the holdout (${percentWords(right.after)} against ${percentWords(right.before)}) passes ${oddsWords(gained)}, one no better than control ${oddsWords(same)},`,
    `and one that is worse by the margin in at most ${percentWords(alphaPass)} of cases.`,
    smallest === null
      ? 'The traffic is too small to exclude any loss with 80 % chance.'
      : `The smallest loss that such a canary would exclude with 80 % chance is ${pointsWords(smallest)}.`,
  ].join(' ');
}

function oddsWords(chance: number): string {
  return `in ${Math.min(99, Math.round(chance * 100))} of 100 cases`;
}

/** Counts of wrong answers that may well come, with their weights, which sum to 1. */
function likelyCounts(n: number, share: number): { count: number; weight: number }[] {
  const deviation = Math.sqrt(n * share * (1 - share));
  const stride = Math.max(1, Math.floor(deviation / 8));
  const first = Math.max(0, Math.floor(n * share - 5 * deviation - 3));
  const counts: { count: number; weight: number }[] = [];
  for (let count = first; count <= Math.min(n, n * share + 5 * deviation + 3); count += stride)
    counts.push({ count, weight: Math.exp(logBinomial({ successes: count, n, p: share })) });
  const total = counts.reduce((sum, { weight }) => sum + weight, 0);
  return counts.map(({ count, weight }) => ({ count, weight: weight / total }));
}
