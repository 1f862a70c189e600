import * as z from 'zod';
import { canaryThresholdsSchema } from './thresholds.ts';

const count = z.number().int().nonnegative();
const timestamp = z.number().nonnegative(); // milliseconds since 1970

/** What the stored rows say of one arm. */
export const canaryArmSchema = z
  .strictObject({
    /** Receipts. */
    n: count,
    /** Receipts whose result is not ok. */
    failures: count,
    /** Outcomes where the expected answer is known; a failed receipt among them is wrong. */
    correct: count,
    wrong: count,
    latencyMsP95: z.number().nonnegative().optional(),
  })
  .refine(arm => arm.failures <= arm.n, 'failures cannot exceed n')
  .refine(arm => arm.correct + arm.wrong <= arm.n, 'correct and wrong together cannot exceed n');

/** Everything the verdict is made of: counts, the plan and the clock, all passed in. */
export const canaryVerdictInputSchema = z
  .strictObject({
    control: canaryArmSchema,
    canary: canaryArmSchema,
    /** Planned share of units on canary, 0 to 100. */
    percent: z.number().min(0).max(100),
    /** Different units (users) seen per arm. Units are what is split, so the sample-ratio check counts them, not receipts. */
    units: z.strictObject({ control: count, canary: count }),
    /** Units seen on both arms. */
    contaminatedUnits: count,
    /** Receipts whose arm is not the arm that the browser saw. */
    attestationMismatches: count,
    startedAt: timestamp,
    now: timestamp,
    endsAt: timestamp,
    thresholds: canaryThresholdsSchema.prefault({}),
  })
  .refine(input => input.endsAt >= input.startedAt, 'endsAt cannot lie before startedAt');

/** What callers pass; thresholds may be left out. */
export type CanaryVerdictInput = z.input<typeof canaryVerdictInputSchema>;

/** The input once checked, with every default filled in. */
export type CanaryFacts = z.output<typeof canaryVerdictInputSchema>;
