import type { Arms, CanaryArmFacts } from './verdictInput.ts';

/** A canary's running counts at one moment: what a chart over time is drawn from. */
export interface CoursePoint {
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly step: number;
  /** Over all steps, and the part of them that earlier steps saw. */
  readonly counts: Arms<CanaryArmFacts>;
  readonly earlier: Arms<CanaryArmFacts>;
}

/** Every change is kept up to twice this many; then each doubling adds this many more: 448 points after 100 000 changes. */
const POINTS_PER_DOUBLING = 32;

/** Whether counts that went from `before` to `after` passed a point to keep. Needs no memory of the points kept so far. */
export function isSampled(before: Arms<CanaryArmFacts>, after: Arms<CanaryArmFacts>): boolean {
  const changes = changesIn(after);
  const every = 2 ** Math.max(0, Math.floor(Math.log2(changes / POINTS_PER_DOUBLING)));
  return Math.floor(changesIn(before) / every) < Math.floor(changes / every);
}

/** At most `most` of the points, evenly over their order, with the first and the last. */
export function thinned<Point>(points: readonly Point[], most: number): Point[] {
  if (points.length <= most) return [...points];
  const kept = Array.from({ length: most }, (_, i) => Math.round((i * (points.length - 1)) / (most - 1)));
  return kept.map(at => points[at]).filter(point => point !== undefined);
}

/** Receipts and outcomes: whatever changes the counts once. */
function changesIn({ control, canary }: Arms<CanaryArmFacts>): number {
  return [control, canary].reduce((sum, { n, correct, wrong }) => sum + n + correct + wrong, 0);
}

/** What the step that runs has counted. */
export function stepCountsOf({
  counts,
  earlier,
}: Pick<CoursePoint, 'counts' | 'earlier'>): Arms<CanaryArmFacts> {
  const since = (all: CanaryArmFacts, before: CanaryArmFacts) => ({
    n: all.n - before.n,
    failures: all.failures - before.failures,
    correct: all.correct - before.correct,
    wrong: all.wrong - before.wrong,
  });
  return {
    control: since(counts.control, earlier.control),
    canary: since(counts.canary, earlier.canary),
  };
}
