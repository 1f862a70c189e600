import { mcnemarPValue } from '../stats/mcnemar.ts';
import { normalCdf, normalDensity } from '../stats/normal.ts';
import type { Candidate } from './candidate.ts';
import { shownRows } from './candidate.ts';
import type { LabelledExample } from './labelled.ts';

/** Rows before the first look: with fewer, chance decides. */
const FLOOR = 20;

/** Chance that all looks of one race together drop a candidate which is as good as the leader by the paired test. */
const DROP_LEVEL = 0.05;

/** What dropping one candidate may cost in expectation: 0.1 points of the score on all rows of the race. */
export const DROP_REGRET = 0.001;

/** A challenger beside the leader on the rows that both have answered and neither shows. */
export interface Pairs {
  readonly n: number;
  /** Rows on which the challenger, or the leader, scored higher. */
  readonly wins: number;
  readonly losses: number;
  /** Sum of (challenger - leader), and of its squares. */
  readonly sum: number;
  readonly squares: number;
  /** Rows that the challenger has yet to answer, and the most it could still gain on them. */
  readonly left: number;
  readonly mostLeft: number;
}

/** Each look asks for half as many rows again: often enough to stop soon, seldom enough to keep the provider busy between. */
const LOOK_GROWTH = 1.5;

/** After how many of `rows` a race looks: at the floor, then ever more seldom, last when all are answered. */
export function looksOf(rows: number): number[] {
  const looks: number[] = [];
  for (let look = FLOOR; look < rows; look = Math.ceil(look * LOOK_GROWTH)) looks.push(look);
  return [...looks, rows];
}

/** Lays a challenger beside the leader. */
export function pairsOf(challenger: Candidate, leader: Candidate, rows: readonly LabelledExample[]): Pairs {
  const hidden = shownRows(challenger.artifact, leader.artifact);
  const pairs = { n: 0, wins: 0, losses: 0, sum: 0, squares: 0, left: 0, mostLeft: 0 };
  for (const { exampleId } of rows) {
    if (hidden.has(exampleId)) continue;
    const [own, best] = [challenger.train.get(exampleId)?.score, leader.train.get(exampleId)?.score];
    if (own === undefined || best === undefined) {
      pairs.left++;
      pairs.mostLeft += 1 - (best ?? 0);
      continue;
    }
    const difference = own - best;
    pairs.n++;
    if (difference > 0) pairs.wins++;
    if (difference < 0) pairs.losses++;
    pairs.sum += difference;
    pairs.squares += difference * difference;
  }
  return pairs;
}

/**
 * Why a challenger need not run on, or null when it must. Three bounds: it cannot win whatever it answers (lossless); the exact
 * one-sided McNemar test, its level shared by the looks, says that the leader is better; or what it can be expected to gain over
 * the leader on all rows is next to nothing.
 */
export function beaten(pairs: Pairs, looks: number): string | null {
  const { n, wins, losses, sum, left, mostLeft } = pairs;
  const score = `${wins} rows better and ${losses} worse than the leader`;
  if (left === 0) return null;
  if (sum + mostLeft <= 0) return `${score}: it cannot catch up any more`;
  if (n < FLOOR) return null;
  const pValue = mcnemarPValue({ fixed: losses, broken: wins });
  if (pValue <= DROP_LEVEL / looks) return `${score}, p = ${pValue.toPrecision(2)}`;
  const regret = expectedGain(pairs);
  return regret <= DROP_REGRET
    ? `${score}: ${(regret * 100).toFixed(2)} points of gain are all that can be expected of it`
    : null;
}

/**
 * E[max(0, gain)] as a share of all rows: the expected improvement (Jones, Schonlau & Welch 1998) of the challenger over the leader,
 * with the total of the rows left taken as normal. One row that changes is added to those seen, so that rows without any change do
 * not make it certain that none follows.
 */
export function expectedGain({ n, sum, squares, left }: Pairs): number {
  const mean = sum / n;
  const variance = Math.max((squares + 1) / (n + 1) - mean * mean, 0);
  const total = sum + left * mean;
  const spread = Math.sqrt(left * variance * (1 + left / n));
  if (spread === 0) return Math.max(0, total) / (n + left);
  const z = total / spread;
  return (total * normalCdf(z) + spread * normalDensity(z)) / (n + left);
}
