import type { LatencyHistogram } from './latency.ts';
import { plannedMessages, type RampStep } from './ramp.ts';
import { type CanaryThresholds, USUAL_THRESHOLDS } from './thresholds.ts';

/** What the stored rows say of one arm. */
export interface CanaryArmFacts {
  /** Receipts. */
  readonly n: number;
  /** Receipts whose result is not ok. */
  readonly failures: number;
  /** Outcomes where the expected answer is known; a failed receipt among them is wrong. */
  readonly correct: number;
  readonly wrong: number;
}

/** One value for each arm. */
export interface Arms<Value> {
  readonly control: Value;
  readonly canary: Value;
}

/** Everything the verdict is made of: counts, the plan and the clock (milliseconds since 1970), all passed in. */
export interface CanaryVerdictInput {
  /** All receipts of the canary, over all steps: what harm is judged by. */
  readonly counts: Arms<CanaryArmFacts>;
  readonly ramp: readonly RampStep[];
  /** The step that runs, from 0. */
  readonly step: number;
  /** What that step alone has seen. Pooling steps of different splits could turn a loss into a gain (Simpson's paradox). */
  readonly stepCounts: Arms<CanaryArmFacts>;
  /** Different units (users) seen per arm in the step. Units are what is split, so the sample-ratio check counts them, not receipts. */
  readonly units: Arms<number>;
  readonly latency: Arms<LatencyHistogram>;
  /** Units on an arm that their bucket does not deal them. */
  readonly contaminatedUnits: number;
  /** Receipts whose arm is not the arm that the browser saw. */
  readonly attestationMismatches: number;
  /** Predicts that no user asked for: they can stop a canary, and never pass one. */
  readonly exercise: Arms<CanaryArmFacts>;
  readonly startedAt: number;
  readonly now: number;
  readonly endsAt: number;
  /** Where they differ from the usual ones. */
  readonly thresholds?: Partial<CanaryThresholds>;
}

/** The input once checked, with every default filled in. */
export interface CanaryFacts extends Omit<CanaryVerdictInput, 'thresholds'> {
  readonly thresholds: CanaryThresholds;
  readonly running: RampStep;
  readonly isLastStep: boolean;
  /** Messages the step waits for, and those it has. */
  readonly planned: number;
  readonly seen: number;
}

/** Checks that the counts can be. Plain code, because the verdict runs in the transaction of every receipt. @throws RangeError */
export function checkedFacts(input: CanaryVerdictInput): CanaryFacts {
  for (const arm of ['control', 'canary'] as const) {
    checkArm(arm, input.counts[arm]);
    checkArm(arm, input.stepCounts[arm]);
    checkArm(arm, input.exercise[arm]);
    checkCount(`units of ${arm}`, input.units[arm]);
    for (const name of ['n', 'failures', 'correct', 'wrong'] as const)
      insist(
        input.stepCounts[arm][name] <= input.counts[arm][name],
        `${name} of ${arm} in a step cannot exceed those of the canary`,
      );
  }
  checkCount('contaminated units', input.contaminatedUnits);
  checkCount('attestation mismatches', input.attestationMismatches);
  insist(input.endsAt >= input.startedAt, 'endsAt cannot lie before startedAt');
  const running = input.ramp[input.step];
  if (running === undefined) throw new RangeError(`the ramp has no step ${input.step}`);
  for (const { percent } of input.ramp)
    insist(percent > 0 && percent < 100, 'percent must be between 0 and 100');
  return {
    ...input,
    thresholds: { ...USUAL_THRESHOLDS, ...input.thresholds },
    running,
    isLastStep: input.step === input.ramp.length - 1,
    planned: plannedMessages(running),
    seen: input.stepCounts.control.n + input.stepCounts.canary.n,
  };
}

function checkArm(arm: string, { n, failures, correct, wrong }: CanaryArmFacts): void {
  for (const count of [n, failures, correct, wrong]) checkCount(`counts of ${arm}`, count);
  insist(failures <= n, `failures of ${arm} cannot exceed n`);
  insist(correct + wrong <= n, `correct and wrong of ${arm} together cannot exceed n`);
}

function checkCount(what: string, count: number): void {
  insist(Number.isInteger(count) && count >= 0, `${what} must be whole numbers from 0`);
}

function insist(condition: boolean, message: string): void {
  if (!condition) throw new RangeError(message);
}
