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
  readonly latencyMsP95?: number;
}

/** Everything the verdict is made of: counts, the plan and the clock (milliseconds since 1970), all passed in. */
export interface CanaryVerdictInput {
  readonly control: CanaryArmFacts;
  readonly canary: CanaryArmFacts;
  /** Planned share of units on canary, 0 to 100. */
  readonly percent: number;
  /** Different units (users) seen per arm. Units are what is split, so the sample-ratio check counts them, not receipts. */
  readonly units: { readonly control: number; readonly canary: number };
  /** Units seen on both arms. */
  readonly contaminatedUnits: number;
  /** Receipts whose arm is not the arm that the browser saw. */
  readonly attestationMismatches: number;
  readonly startedAt: number;
  readonly now: number;
  readonly endsAt: number;
  /** Where they differ from the usual ones. */
  readonly thresholds?: Partial<CanaryThresholds>;
}

/** The input once checked, with every default filled in. */
export type CanaryFacts = Omit<CanaryVerdictInput, 'thresholds'> & { readonly thresholds: CanaryThresholds };

/** Checks that the counts can be. Plain code, because the verdict runs in the transaction of every receipt. @throws RangeError */
export function checkedFacts(input: CanaryVerdictInput): CanaryFacts {
  for (const arm of ['control', 'canary'] as const) {
    const { n, failures, correct, wrong } = input[arm];
    for (const count of [n, failures, correct, wrong, input.units[arm]])
      insist(Number.isInteger(count) && count >= 0, `counts of ${arm} must be whole numbers from 0`);
    insist(failures <= n, `failures of ${arm} cannot exceed n`);
    insist(correct + wrong <= n, `correct and wrong of ${arm} together cannot exceed n`);
  }
  for (const count of [input.contaminatedUnits, input.attestationMismatches])
    insist(Number.isInteger(count) && count >= 0, 'counts must be whole numbers from 0');
  insist(input.percent >= 0 && input.percent <= 100, 'percent must be from 0 to 100');
  insist(input.endsAt >= input.startedAt, 'endsAt cannot lie before startedAt');
  return { ...input, thresholds: { ...USUAL_THRESHOLDS, ...input.thresholds } };
}

function insist(condition: boolean, message: string): void {
  if (!condition) throw new RangeError(message);
}
