import { type Estimate, rankCorrelation, separation } from '../stats/rankAgreement.ts';

/** An anchor: a summary whose quality is known, and what the judge made of it. Its tags say `good`, or what is wrong. */
export interface AnchorScore {
  readonly exampleId: string;
  readonly tags: readonly string[];
  /** The label, 0 to 1. */
  readonly expected: number;
  /** The judge's score, 0 to 1. */
  readonly score: number;
}

/** How well a judge tells one kind of fault from good. */
export interface FaultAgreement {
  readonly tag: string;
  readonly n: number;
  readonly meanExpected: number;
  readonly meanScore: number;
  /** The chance that a good anchor scores above one with this fault; null for `good` itself, or without good anchors. */
  readonly toldApart: Estimate | null;
}

/** How far a judge agrees with the labels of its anchors. */
export interface Agreement {
  readonly n: number;
  /** Rank correlation of scores and labels. */
  readonly ranks: Estimate | null;
  readonly byTag: readonly FaultAgreement[];
}

/** The least chance with which a judge must put a good anchor above a faulty one, for every kind of fault; a coin has 0.5. */
export const LEAST_TOLD_APART = 0.7;

const GOOD = 'good';

/** A judge's agreement with its anchors; `good` first, then the faults by name. */
export function agreementOf(anchors: readonly AnchorScore[]): Agreement {
  const tagged = (tag: string) => anchors.filter(anchor => anchor.tags.includes(tag));
  const good = tagged(GOOD).map(anchor => anchor.score);
  const faults = [...new Set(anchors.flatMap(anchor => anchor.tags))].filter(tag => tag !== GOOD).sort();
  const known = good.length > 0 ? [GOOD, ...faults] : faults;
  return {
    n: anchors.length,
    ranks: rankCorrelation(anchors.map(anchor => [anchor.score, anchor.expected])),
    byTag: known.map(tag => {
      const own = tagged(tag);
      return {
        tag,
        n: own.length,
        meanExpected: mean(own.map(anchor => anchor.expected)),
        meanScore: mean(own.map(anchor => anchor.score)),
        toldApart:
          tag === GOOD
            ? null
            : separation(
                good,
                own.map(anchor => anchor.score),
              ),
      };
    }),
  };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
