import type { AnchorScore } from '../contract/eval.ts';
import { agreementOf, LEAST_TOLD_APART } from './agreement.ts';

/** One measurement of a judge on its anchors. */
export interface Measurement {
  /** When it was measured, in milliseconds since 1970. */
  readonly at: number;
  readonly anchors: readonly AnchorScore[];
}

export type JudgeTrustCode = 'trusted' | 'judge_unmeasured' | 'judge_disagrees' | 'judge_moved';

/** Whether a gain that a judge claims may be believed, and why. */
export interface JudgeTrust {
  readonly trusted: boolean;
  readonly code: JudgeTrustCode;
  readonly reason: string;
  /** Farthest that the judge's scores moved since any earlier measurement, 0 to 1; null without one. */
  readonly moved: number | null;
}

/** A measurement older than this says nothing of tonight's judge. */
export const MEASURED_WITHIN_MS = 24 * 60 * 60_000;

/** With fewer anchors of a kind their mean moves by chance. */
const LEAST_OF_A_KIND = 5;

/**
 * Whether a graded gain stands, given every measurement of the pinned judge on the same anchors. Scores in the ledger may be weeks old, and
 * a hosted model can change under its name: if the mean score of all anchors, or of one kind, moved by as much as the gain, then the
 * gain may be the judge's. Fails closed without a fresh measurement, and when the judge does not tell faulty anchors from good.
 */
export function judgeTrust({
  measurements,
  gain,
  now,
}: {
  measurements: readonly Measurement[];
  /** after - before, 0 to 1. */
  gain: number;
  now: number;
}): JudgeTrust {
  const byTime = [...measurements].sort((a, b) => a.at - b.at);
  const latest = byTime.at(-1);
  const refuse = (code: JudgeTrustCode, reason: string, moved: number | null): JudgeTrust => ({
    trusted: false,
    code,
    reason,
    moved,
  });
  if (!latest || now - latest.at > MEASURED_WITHIN_MS)
    return refuse(
      'judge_unmeasured',
      'The judge was not measured on its anchors within the last day, so its grades cannot decide. Import the anchors and run POST /api/dse/eval on them.',
      null,
    );
  const movements = byTime.slice(0, -1).map(earlier => movement(earlier.anchors, latest.anchors));
  const moved = movements.length === 0 ? null : Math.max(...movements);
  const blind = agreementOf(latest.anchors).byTag.filter(
    ({ toldApart }) => toldApart !== null && toldApart.value < LEAST_TOLD_APART,
  );
  const told = agreementOf(latest.anchors).byTag.some(({ toldApart }) => toldApart !== null);
  if (!told || blind.length > 0)
    return refuse(
      'judge_disagrees',
      told
        ? `The judge does not tell good anchors from those tagged ${blind.map(({ tag }) => tag).join(', ')}: the chance to rank them right is below ${LEAST_TOLD_APART}.`
        : 'The anchors hold no good and faulty ones to tell apart.',
      moved,
    );
  if (moved !== null && moved >= gain)
    return refuse(
      'judge_moved',
      `The judge's scores on the same anchors moved by ${points(moved)} points since an earlier measurement, and the gain is ${points(gain)}: it may be the judge's.`,
      moved,
    );
  const trusted = { trusted: true, code: 'trusted', moved } as const;
  return moved === null
    ? { ...trusted, reason: 'The judge was measured for the first time and agrees with its anchors.' }
    : {
        ...trusted,
        reason: `The judge agrees with its anchors and moved by at most ${points(moved)} points.`,
      };
}

/** The largest change of a mean score, over all anchors that both hold and over each kind of them. */
function movement(before: readonly AnchorScore[], after: readonly AnchorScore[]): number {
  const then = new Map(before.map(anchor => [anchor.exampleId, anchor.score]));
  const both = after.flatMap(({ exampleId, score, tags }) => {
    const earlier = then.get(exampleId);
    return earlier === undefined ? [] : [{ change: score - earlier, tags }];
  });
  // Other anchors cannot be compared: taken as moved all the way.
  if (both.length === 0) return 1;
  const kinds = [...new Set(both.flatMap(({ tags }) => tags))].map(tag =>
    both.filter(({ tags }) => tags.includes(tag)),
  );
  return Math.max(
    ...[both, ...kinds.filter(kind => kind.length >= LEAST_OF_A_KIND)].map(kind =>
      Math.abs(kind.reduce((sum, { change }) => sum + change, 0) / kind.length),
    ),
  );
}

function points(share: number): string {
  return (share * 100).toFixed(1);
}
