import type { Agreement, AnchorScore } from '../contract/eval.ts';
import { rankCorrelation, separation } from '../stats/rankAgreement.ts';

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
