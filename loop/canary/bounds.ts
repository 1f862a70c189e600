import { type CoursePoint, stepCountsOf } from './course.ts';
import { logEAboveLimit, logEHarm, logENotWorse, type Tally } from './eprocess.ts';
import { type CanaryThresholds, LIMIT_PRIOR } from './thresholds.ts';
import { type ArmStreams, streamsOf } from './weigh.ts';

/** One of the two things that are counted of each answer. */
export type StreamName = 'failures' | 'wrong';

/** A moment of one stream: both arms, and what the canary's count would have to be for the test to decide. */
export interface BoundedPoint {
  readonly at: number;
  readonly control: Tally;
  readonly canary: Tally;
  /** Fewest bad canary samples, of as many as there are, that stop the canary; null when not even all of them would. */
  readonly stopsFrom: number | null;
  /** Most bad canary samples that are shown not to be worse by the margin; null when not even none are, or before the last step. */
  readonly passesTo: number | null;
}

/**
 * The course of a stream with the bounds of the verdict's sequential tests, as they stood at each point. The bounds hold the control
 * arm and both sample sizes as they are, and ask which count of bad canary samples decides.
 */
export function boundedCourse(
  points: readonly CoursePoint[],
  name: StreamName,
  { lastStep, thresholds }: { lastStep: number; thresholds: CanaryThresholds },
): BoundedPoint[] {
  // Bounds move little between neighbours, so each search begins where the one before ended.
  let stops = 0;
  let passes = 0;
  return points.map(point => {
    const all = streamsOf(point.counts)[name];
    const step = streamsOf(stepCountsOf(point))[name];
    const { control, canary } = all;
    const sum = canary.bad + canary.good;
    const stepSum = step.canary.bad + step.canary.good;
    stops = leastThat(sum, stops, bad => isHarm(name, { ...all, canary: tally(bad, sum) }, thresholds));
    passes = leastThat(
      stepSum,
      passes,
      bad => !isNotWorse(name, { ...step, canary: tally(bad, stepSum) }, thresholds),
    );
    const isLast = point.step === lastStep;
    return {
      at: point.at,
      control,
      canary,
      stopsFrom: stops > sum ? null : stops,
      passesTo: isLast && passes > 0 && stepSum > 0 ? canary.bad - step.canary.bad + passes - 1 : null,
    };
  });
}

function isHarm(name: StreamName, streams: ArmStreams, thresholds: CanaryThresholds): boolean {
  const { alphaHarm, alphaLimit, failureLimit: limit } = thresholds;
  // One bad sample alone is no harm: `findings.ts`.
  if (streams.canary.bad < 2) return false;
  if (logEHarm(streams) >= Math.log(2 / alphaHarm)) return true;
  if (name === 'wrong') return false;
  return logEAboveLimit({ tally: streams.canary, limit, prior: LIMIT_PRIOR }) >= Math.log(1 / alphaLimit);
}

function isNotWorse(name: StreamName, streams: ArmStreams, thresholds: CanaryThresholds): boolean {
  const margin = name === 'wrong' ? thresholds.correctnessMargin : thresholds.failureMargin;
  return logENotWorse({ ...streams, margin }) >= Math.log(1 / thresholds.alphaPass);
}

/** The least count from 0 to `most` that holds, `most + 1` if none does; `holds` must go from false to true once. */
function leastThat(most: number, guess: number, holds: (count: number) => boolean): number {
  let count = Math.min(guess, most + 1);
  while (count > 0 && holds(count - 1)) count--;
  while (count <= most && !holds(count)) count++;
  return count;
}

function tally(bad: number, of: number): Tally {
  return { bad, good: of - bad };
}
