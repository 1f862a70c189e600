import { timesLog } from '../stats/binomial.ts';
import { logBeta } from '../stats/logGamma.ts';

/**
 * Evidence that may be looked at after every sample.
 *
 * An e-process for a null hypothesis is a running number, 1 before any data, whose chance of ever reaching 1/alpha is at
 * most alpha while the null is true (Ville 1939). So one may look and stop at any time, and reject once it is at 1/alpha.
 *
 * One arm, null "the bad share is p0": the beta-binomial mixture E(p0) = B(a+s, b+f) / (B(a,b) p0^s (1-p0)^f) after s bad
 * and f good samples is a nonnegative martingale that starts at 1 (Robbins 1970), for any prior Beta(a,b) fixed beforehand.
 * Two arms: the product is again a martingale for each pair (control share, canary share), however the samples of the arms
 * interleave and however the split between them changes, as long as it does not look at results to come. A null that holds many
 * pairs takes the smallest product over them: whichever pair is true, the process lies below its martingale (universal
 * inference, Wasserman, Ramdas & Balakrishnan 2020, sections 7 and 8; Ramdas, Grünwald, Vovk & Shafer 2023 in general).
 *
 * Exact: the error bound, for any sample size, any split of traffic and any stopping rule. Assumed: samples of an arm are
 * independent with a share that does not drift; messages of one user that fail together make the bound too small. Not
 * optimal: the smallest product is what a composite null costs (Turner, Ly & Grünwald 2024 do better for blocks of fixed size, but
 * need the order of samples; this needs counts only, so that stored counts replay the verdict). The prior
 * sets only how fast a true difference shows, never the error bound; it must not be changed while a canary runs.
 *
 * All functions return the natural logarithm of E, since E itself overflows. A tally counts the samples of one arm.
 */
export type Tally = { bad: number; good: number };

/** The two arms of a canary. */
export type ArmTallies = { control: Tally; canary: Tally };

/** Beta(a, b) over the share of bad samples. */
export type BetaPrior = { a: number; b: number };

/** ln E of one arm against "the bad share is exactly `share`". +Infinity if the null makes the data impossible. */
export function logEAgainstShare({
  tally,
  share,
  prior,
}: {
  tally: Tally;
  share: number;
  prior: BetaPrior;
}): number {
  return logMixture(tally, prior) - logLikelihood(tally, share);
}

/** ln E of one arm against "the bad share is at most `limit`", 0 < limit < 1. Large: the limit is broken. */
export function logEAboveLimit({
  tally,
  limit,
  prior,
}: {
  tally: Tally;
  limit: number;
  prior: BetaPrior;
}): number {
  return logEAgainstShare({ tally, share: Math.min(limit, badShare(tally) ?? limit), prior });
}

/** ln E against "the canary's bad share is at most the control's". Large: the canary does harm. */
export function logEHarm({ control, canary, prior }: ArmTallies & { prior: BetaPrior }): number {
  const controlShare = badShare(control);
  const canaryShare = badShare(canary);
  const mixture = logMixture(control, prior) + logMixture(canary, prior);
  // an empty arm may have any share, so the null fits the other arm freely
  if (controlShare === undefined || canaryShare === undefined || canaryShare <= controlShare)
    return mixture - bestFit(control) - bestFit(canary);
  // on the boundary both shares are equal, and the pooled share fits best
  return mixture - bestFit({ bad: control.bad + canary.bad, good: control.good + canary.good });
}

/**
 * ln E against "the canary's bad share is above the control's by `margin` or more", 0 < margin < 1. Large: the canary is not
 * worse by the margin. ln E is convex in the shares, so its minimum over the null lies at the observed shares if they are
 * in it, else on the boundary, where bisection on the slope finds it.
 */
export function logENotWorse({
  control,
  canary,
  prior,
  margin,
}: ArmTallies & { prior: BetaPrior; margin: number }): number {
  const mixture = logMixture(control, prior) + logMixture(canary, prior);
  if ((badShare(canary) ?? 1) - (badShare(control) ?? 0) >= margin)
    return mixture - bestFit(control) - bestFit(canary);
  const share = boundaryShare(control, canary, margin);
  return mixture - logLikelihood(control, share) - logLikelihood(canary, share + margin);
}

/** The p-value, valid at any time, that belongs to ln E: at most 1. */
export function anytimePValue(logE: number): number {
  return Math.min(1, Math.exp(-logE));
}

function logMixture({ bad, good }: Tally, { a, b }: BetaPrior): number {
  return logBeta(a + bad, b + good) - logBeta(a, b);
}

function logLikelihood({ bad, good }: Tally, share: number): number {
  return timesLog(bad, share) + timesLog(good, 1 - share);
}

function bestFit(tally: Tally): number {
  return logLikelihood(tally, badShare(tally) ?? 0);
}

function badShare({ bad, good }: Tally): number | undefined {
  return bad + good === 0 ? undefined : bad / (bad + good);
}

/** The control share, from 0 to 1 - margin, that fits both arms best when the canary's is higher by exactly the margin. */
function boundaryShare(control: Tally, canary: Tally, margin: number): number {
  const slope = (share: number) =>
    ratio(control.bad, share) -
    ratio(control.good, 1 - share) +
    ratio(canary.bad, share + margin) -
    ratio(canary.good, 1 - share - margin);
  let [low, high] = [0, 1 - margin];
  for (let step = 0; step < 50; step++) {
    const middle = (low + high) / 2;
    if (slope(middle) > 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

function ratio(count: number, share: number): number {
  return count === 0 ? 0 : count / share;
}
