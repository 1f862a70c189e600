import type { CanaryArm } from '../loop/canary/bucket.ts';
import { withLatency } from '../loop/canary/latency.ts';
import { stepOfReceipt } from '../loop/canary/ramp.ts';
import type { ArmCounts } from '../loop/contract/canary.ts';
import type { Receipt } from '../loop/contract/receipt.ts';
import type { Doc } from './_generated/dataModel.js';
import type { MutationCtx } from './_generated/server.js';
import { keepPoint } from './canaryCourse.ts';
import { canaryById, settle } from './canaryRows.ts';

type Canary = Doc<'dseCanaries'>;

/**
 * Counts a receipt on its canary, in the caller's transaction, and acts on what the counts then say. Answers the step that counted it;
 * null when none did: the canary is stopped, or the receipt is an exercise, which has counts of its own.
 */
export async function countOnCanary(
  ctx: MutationCtx,
  receipt: Receipt,
  canaryId: string,
): Promise<number | null> {
  const canary = await canaryById(ctx, canaryId);
  if (canary?.status !== 'running' || receipt.arm === 'none') return null;
  const { arm } = receipt;
  if (receipt.purpose === 'exercise') {
    const exercise = { ...canary.exercise, [arm]: plusReceipt(canary.exercise[arm], receipt) };
    await ctx.db.patch(canary._id, { exercise });
    await settle(ctx, { ...canary, exercise }, receipt.requestId);
    return null;
  }
  const placed = placeOf(canary, receipt, arm);
  const step = placed ?? canary.step;
  const isNew = !(await wasSeen(ctx, canary, receipt, arm, step));
  const counts = { ...canary.counts, [arm]: plusReceipt(canary.counts[arm], receipt) };
  const change =
    step === canary.step
      ? {
          units: { ...canary.units, [arm]: canary.units[arm] + (isNew ? 1 : 0) },
          latency: { ...canary.latency, [arm]: withLatency(canary.latency[arm], receipt.ms) },
        }
      : { earlier: { ...canary.earlier, [arm]: plusReceipt(canary.earlier[arm], receipt) } };
  const contaminatedUnits = canary.contaminatedUnits + (placed === null && isNew ? 1 : 0);
  const counted = { heartbeatAt: Date.now(), counts, contaminatedUnits, ...change };
  await ctx.db.patch(canary._id, counted);
  await keepPoint(ctx, canary, { ...canary, ...counted });
  await settle(ctx, { ...canary, ...counted }, receipt.requestId);
  return step;
}

/** Counts of an arm with one more outcome. */
export function plusOutcome(counts: ArmCounts, correct: boolean): ArmCounts {
  return { ...counts, correct: counts.correct + (correct ? 1 : 0), wrong: counts.wrong + (correct ? 0 : 1) };
}

function plusReceipt(counts: ArmCounts, { result }: Receipt): ArmCounts {
  return { ...counts, n: counts.n + 1, failures: counts.failures + (result.ok ? 0 : 1) };
}

function placeOf(canary: Canary, { unit, startedAt }: Receipt, arm: CanaryArm): number | null {
  if (unit === null) return null;
  const { ramp, step, salt, signatureId, stepStartedAt } = canary;
  return stepOfReceipt({ ramp, step, salt, signatureId, unit, arm, msIntoStep: startedAt - stepStartedAt });
}

/** Whether the unit has answers on this arm in this step. Its newest counted one tells, since steps only go up. */
async function wasSeen(
  ctx: MutationCtx,
  { canaryId }: Canary,
  { unit }: Receipt,
  arm: CanaryArm,
  step: number,
): Promise<boolean> {
  const newestFirst = ctx.db
    .query('receipts')
    .withIndex('by_canary_unit', q => q.eq('canaryId', canaryId).eq('unit', unit).eq('arm', arm))
    .order('desc');
  for await (const { canaryStep } of newestFirst) if (canaryStep !== null) return canaryStep === step;
  return false;
}
