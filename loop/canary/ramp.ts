import { armOf, type CanaryArm } from './bucket.ts';

/** One step of a canary: the share of users on the new artifact, in percent, and the traffic that decides the step. */
export interface RampStep {
  readonly percent: number;
  readonly users: number;
  readonly messagesPerUser: number;
}

/**
 * A night's ramp. The first step asks one thing, with one user: does the artifact harm at once? It adds a tenth to the traffic. The
 * second decides: 156 messages an arm, with which a gain like the first night's passes in 99 of 100 nights. "100 %" is the promotion,
 * watched by the soak.
 */
export const USUAL_RAMP: readonly RampStep[] = [
  { percent: 10, users: 10, messagesPerUser: 4 },
  { percent: 50, users: 24, messagesPerUser: 13 },
];

/** Messages of both arms that a step waits for. */
export function plannedMessages({ users, messagesPerUser }: RampStep): number {
  return users * messagesPerUser;
}

/** What is known of the receipt that is placed, and of the canary it names. */
export interface PlacedReceipt {
  readonly ramp: readonly RampStep[];
  /** The step that runs, from 0. */
  readonly step: number;
  readonly salt: string;
  readonly signatureId: string;
  readonly unit: string;
  readonly arm: CanaryArm;
  /** Since the step began, when the predict began. Milliseconds; negative before. */
  readonly msIntoStep: number;
}

// From the choice of the arm to the first model call; what is under way when a step begins was dealt by the step before.
const UNDER_WAY_MS = 5_000;

/**
 * The step whose split put this unit on this arm: the one that runs, or the one before for a predict that was under way as the ramp
 * moved. Null when neither would: then the unit is on the wrong arm, and the arms cannot be compared.
 */
export function stepOfReceipt({ ramp, step, msIntoStep, arm, ...key }: PlacedReceipt): number | null {
  const dealtBy = (at: number) => {
    const { percent } = ramp[at] ?? {};
    return percent !== undefined && armOf({ ...key, percent }) === arm;
  };
  if (dealtBy(step)) return step;
  return msIntoStep < UNDER_WAY_MS && dealtBy(step - 1) ? step - 1 : null;
}
