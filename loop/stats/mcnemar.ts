import { binomialUpperTail, logBinomial } from './binomial.ts';

/** Items whose outcome changed: wrong before and right after (`fixed`), right before and wrong after (`broken`). */
export type DiscordantPairs = { fixed: number; broken: number };

/**
 * Exact one-sided McNemar test that the new outcome is better: P(X >= fixed) for X ~ Binomial(fixed + broken, 1/2). Items
 * whose outcome did not change say nothing and are left out. No mid-p correction, so the false-alarm rate is never above
 * alpha. Without any changed item the p-value is 1.
 *
 * Source: McNemar 1947; the exact conditional form in Fagerland, Lydersen & Laake 2013, section 2.2.
 */
export function mcnemarPValue({ fixed, broken }: DiscordantPairs): number {
  return binomialUpperTail({ successes: fixed, n: fixed + broken, p: 0.5 });
}

/** A question about a paired test that has not run yet. */
export type PowerQuestion = {
  /** Holdout items. */
  n: number;
  /** Level of the one-sided test, 0 to 1. */
  alpha: number;
  /** Share of items expected to change outcome (fixed + broken), 0 to 1. */
  discordance?: number;
};

/**
 * One in five items changes its outcome when a prompt is replaced: what a moderate prompt edit does. Power falls as this
 * share grows, because broken items hide fixed ones; a smaller share would promise more than many nights can keep.
 */
export const EXPECTED_DISCORDANCE = 0.2;

/**
 * Exact power of the one-sided McNemar test: the chance that a true gain of `gain` (0 to 1) is found.
 *
 * Assumes independent items, of which a share `max(discordance, gain)` changes outcome, `gain` more of them fixed than
 * broken. The changed items are then Binomial(n, share), and the fixed among them Binomial(changed, (share + gain) / 2 share).
 */
export function mcnemarPower({
  n,
  alpha,
  gain,
  discordance = EXPECTED_DISCORDANCE,
}: PowerQuestion & { gain: number }): number {
  const share = Math.min(1, Math.max(discordance, gain));
  if (share <= 0) return 0;
  const fixedShare = Math.min(1, (share + gain) / (2 * share));
  const spread = 8 * Math.sqrt(n * share * (1 - share)) + 8; // what lies outside weighs less than 1e-12
  const first = Math.max(0, Math.floor(n * share - spread));
  const last = Math.min(n, Math.ceil(n * share + spread));
  let power = 0;
  let needed = 0;
  for (let changed = first; changed <= last; changed++) {
    needed = fewestFixed(changed, alpha, needed);
    const weight = Math.exp(logBinomial({ successes: changed, n, p: share }));
    power += weight * binomialUpperTail({ successes: needed, n: changed, p: fixedShare });
  }
  return power;
}

/** The answer for the sentence "with N holdout items this night can see a gain of X points with 80 % power". */
export type DetectableGain = {
  /** Percentage points, rounded up to 0.1; null if even a gain of 100 points would not reach the power. */
  points: number | null;
  /** The share of changing items that was assumed. */
  discordance: number;
};

/**
 * The smallest true gain that the exact one-sided McNemar test finds with probability `power` (0 to 1) on `n` items. The
 * assumption on the share of changing items is that of {@link mcnemarPower}; it comes back with the answer.
 */
export function detectableGain({
  n,
  alpha,
  power,
  discordance = EXPECTED_DISCORDANCE,
}: PowerQuestion & { power: number }): DetectableGain {
  const isSeen = (points: number) => mcnemarPower({ n, alpha, gain: points / 100, discordance }) >= power;
  if (!isSeen(100)) return { points: null, discordance };
  let unseen = 0; // tenths of a point
  let seen = 1000;
  while (seen - unseen > 1) {
    const middle = Math.floor((seen + unseen) / 2);
    if (isSeen(middle / 10)) seen = middle;
    else unseen = middle;
  }
  return { points: seen / 10, discordance };
}

/** The fewest fixed items, of `changed`, that reach significance; `changed + 1` if none do. Never falls as `changed` grows. */
function fewestFixed(changed: number, alpha: number, atLeast: number): number {
  let low = atLeast;
  let high = changed + 1;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (binomialUpperTail({ successes: middle, n: changed, p: 0.5 }) <= alpha) high = middle;
    else low = middle + 1;
  }
  return low;
}
