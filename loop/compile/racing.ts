import { betaBinomial } from '../stats/betaBinomial.ts';
import { mcnemarPValue } from '../stats/mcnemar.ts';
import type { Candidate } from './candidate.ts';
import { shownRows } from './candidate.ts';
import type { LabelledExample } from './labelled.ts';

/** How candidates are raced: another way has other winners, and is another version. */
export const RACE = 'open_first.v1';

/** Rows before the first look: with fewer, chance decides. */
const FLOOR = 20;

/** Chance that all looks of one race together drop a candidate which is as good as the leader by the paired test. */
const DROP_LEVEL = 0.05;

/** What dropping one candidate may cost in expectation: 0.03 points of the score on all rows of the race. */
export const DROP_REGRET = 0.0003;

/** A challenger beside the champion on the rows that both have answered and neither shows. */
export interface Pairs {
  readonly n: number;
  /** Rows on which the challenger, or the champion, scored higher. */
  readonly wins: number;
  readonly losses: number;
  /** Sum of (challenger - champion), and of its sizes whatever their sign. */
  readonly sum: number;
  readonly moved: number;
  /** Rows that can be won, as the champion lacks something there: answered, and yet to answer; and the most to gain on the latter. */
  readonly open: Share;
  readonly mostLeft: number;
  /** Rows that can be lost, as the champion holds something there. */
  readonly held: Share;
  /** Rows that the challenger has yet to answer. */
  readonly left: number;
}

interface Share {
  readonly seen: number;
  readonly left: number;
}

/**
 * Rows in the order of a race: first those on which the champion lacks something, in the order given, then the others. Only on the first can a
 * challenger win, so that once they are answered it is known how much it can lose.
 */
export function openFirst(rows: readonly LabelledExample[], champion: Candidate): LabelledExample[] {
  const isOpen = ({ exampleId }: LabelledExample) => (champion.train.get(exampleId)?.score ?? 0) < 1;
  return [...rows.filter(isOpen), ...rows.filter(row => !isOpen(row))];
}

/** Each look asks for half as many rows again: often enough to stop soon, seldom enough to keep the provider busy between. */
const LOOK_GROWTH = 1.5;

/** After how many of `rows` a race looks: at the floor, then ever more seldom, last when all are answered. */
export function looksOf(rows: number): number[] {
  const looks: number[] = [];
  for (let look = FLOOR; look < rows; look = Math.ceil(look * LOOK_GROWTH)) looks.push(look);
  return [...looks, rows];
}

/** Lays a challenger beside the champion. */
export function pairsOf(challenger: Candidate, champion: Candidate, rows: readonly LabelledExample[]): Pairs {
  const hidden = shownRows(challenger.artifact, champion.artifact);
  const pairs = { n: 0, wins: 0, losses: 0, sum: 0, moved: 0, mostLeft: 0, left: 0 };
  const [open, held] = [
    { seen: 0, left: 0 },
    { seen: 0, left: 0 },
  ];
  for (const { exampleId } of rows) {
    if (hidden.has(exampleId)) continue;
    const [own, best] = [challenger.train.get(exampleId)?.score, champion.train.get(exampleId)?.score];
    const when = own === undefined || best === undefined ? 'left' : 'seen';
    if ((best ?? 0) < 1) open[when]++;
    if ((best ?? 1) > 0) held[when]++;
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
    pairs.moved += Math.abs(difference);
  }
  return { ...pairs, open, held };
}

/**
 * Why a challenger need not run on, or null when it must. Three bounds: it cannot win whatever it answers (lossless); the exact
 * one-sided McNemar test, its level shared by the looks, says that the champion is better; or what it can be expected to gain over
 * the champion on all rows is next to nothing.
 */
export function beaten(pairs: Pairs, looks: number): string | null {
  const { n, wins, losses, sum, left, mostLeft, held } = pairs;
  const score = `${wins} rows better and ${losses} worse than the champion`;
  if (left === 0) return null;
  if (sum + mostLeft <= 0) return `${score}: it cannot catch up any more`;
  if (n < FLOOR || (held.seen < FLOOR && held.left > 0)) return null;
  const pValue = mcnemarPValue({ fixed: losses, broken: wins });
  if (pValue <= DROP_LEVEL / looks) return `${score}, p = ${pValue.toPrecision(2)}`;
  const regret = expectedGain(pairs);
  return regret <= DROP_REGRET
    ? `${score}: ${(regret * 100).toFixed(2)} points of gain are all that can be expected of it`
    : null;
}

// A row may be won or not, lost or not, as far as is known before any was seen (Jeffreys 1946).
const PRIOR = 0.5;
const UNLIKELY = 1e-9;

/**
 * E[max(0, gain)] as a share of all rows: the expected improvement (Jones, Schonlau & Welch 1998) of the challenger over the champion. Open rows
 * are won, and held rows lost, as often as those seen were (beta-binomial), each change as large as the mean one. The order of the rows within
 * either kind is drawn by chance, so that what is seen speaks for what is left.
 */
export function expectedGain({ n, wins, losses, sum, moved, open, held, left }: Pairs): number {
  const size = wins + losses === 0 ? 1 : moved / (wins + losses);
  const lost = betaBinomial(held.left, losses + PRIOR, held.seen - losses + PRIOR);
  let gain = 0;
  betaBinomial(open.left, wins + PRIOR, open.seen - wins + PRIOR).forEach((likely, won) => {
    if (likely < UNLIKELY) return;
    const lead = sum / size + won;
    for (let fallen = 0; fallen < lead && fallen <= held.left; fallen++)
      gain += likely * (lost[fallen] ?? 0) * (lead - fallen);
  });
  return (gain * size) / (n + left);
}
