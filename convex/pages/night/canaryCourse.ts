import { type BoundedPoint, boundedCourse, type StreamName } from '../../../loop/canary/bounds.ts';
import { type CoursePoint, thinned } from '../../../loop/canary/course.ts';
import type { Doc } from '../../_generated/dataModel.js';
import { latestVerdict } from '../../canaryRows.ts';

/** The course of a canary's two streams with their bounds; also what `?format=json` answers. */
export interface CanaryCourse {
  readonly canaryId: string;
  readonly wrong: readonly BoundedPoint[];
  readonly failures: readonly BoundedPoint[];
}

/** Finer than a screen shows; each point costs the server a search for its bounds. */
const DRAWN_POINTS = 80;

/** A stored course, ready to be drawn, with the thresholds that the canary was judged by. */
export function canaryCourse(
  canary: Doc<'dseCanaries'>,
  kept: readonly CoursePoint[],
  now: number,
): CanaryCourse {
  const { thresholds } = latestVerdict(canary, now).evidence;
  const rule = { lastStep: canary.ramp.length - 1, thresholds };
  const drawn = (name: StreamName) =>
    boundedCourse(thinned(grownPoints(kept, name), DRAWN_POINTS), name, rule);
  return { canaryId: canary.canaryId, wrong: drawn('wrong'), failures: drawn('failures') };
}

/** Points with more samples of the stream than the point before. */
function grownPoints(points: readonly CoursePoint[], name: StreamName): CoursePoint[] {
  const samples = ({ counts: { control, canary } }: CoursePoint) =>
    name === 'failures'
      ? control.n + canary.n
      : control.correct + control.wrong + canary.correct + canary.wrong;
  return points.filter((point, at) => {
    const before = points[at - 1];
    return samples(point) > (before ? samples(before) : 0);
  });
}
