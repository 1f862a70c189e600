import { type BoundedPoint, boundedCourse } from '../../../loop/canary/bounds.ts';
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
  const points = thinned(kept, DRAWN_POINTS);
  const { thresholds } = latestVerdict(canary, now).evidence;
  const rule = { lastStep: canary.ramp.length - 1, thresholds };
  return {
    canaryId: canary.canaryId,
    wrong: boundedCourse(points, 'wrong', rule),
    failures: boundedCourse(points, 'failures', rule),
  };
}
