import { stepCountsOf } from '../loop/canary/course.ts';
import { type CanaryVerdict, canaryVerdict } from '../loop/canary/verdict.ts';
import type { ArmCounts, CanaryView } from '../loop/contract/canary.ts';
import type { Json } from '../loop/contract/json.ts';
import type { Doc } from './_generated/dataModel.js';
import type { MutationCtx, QueryCtx } from './_generated/server.js';
import { keepChange } from './canaryHistory.ts';

/** The open canary of a signature, or null. There is at most one. */
export async function openCanary(ctx: QueryCtx, signatureId: string): Promise<Doc<'dseCanaries'> | null> {
  return await ctx.db
    .query('dseCanaries')
    .withIndex('by_signature', q => q.eq('signatureId', signatureId).eq('status', 'running'))
    .first();
}

/** A canary by its id, or null. */
export async function canaryById(ctx: QueryCtx, canaryId: string): Promise<Doc<'dseCanaries'> | null> {
  return await ctx.db
    .query('dseCanaries')
    .withIndex('by_canary', q => q.eq('canaryId', canaryId))
    .first();
}

/** No receipts, no outcomes. */
export const noCounts: ArmCounts = { n: 0, failures: 0, correct: 0, wrong: 0 };

/** The verdict on the stored counts of a canary. Pure but for the rows and the clock. */
export function verdictOf(canary: Doc<'dseCanaries'>, now: number): CanaryVerdict {
  return canaryVerdict({ ...canary, stepCounts: stepCountsOf(canary), now });
}

/** The verdict at which the canary was stopped, or on its counts as they stand. */
export function latestVerdict(canary: Doc<'dseCanaries'>, now: number): CanaryVerdict {
  const { finalVerdictJson } = canary;
  return finalVerdictJson === null ? verdictOf(canary, now) : (JSON.parse(finalVerdictJson) as CanaryVerdict);
}

/** Who acts, why, and in which request. */
export interface Act {
  readonly actor: string;
  readonly reason: string;
  readonly requestId: string;
}

/** Stops a canary for good and writes down why, by whom and on which counts. */
export async function stopCanary(ctx: MutationCtx, canary: Doc<'dseCanaries'>, act: Act): Promise<void> {
  const verdict = verdictOf(canary, Date.now());
  await ctx.db.patch(canary._id, {
    status: 'stopped',
    stopReason: act.reason,
    finalVerdictJson: JSON.stringify(verdict),
  });
  await keepCanaryChange(ctx, canary, 'stop', act, verdict);
}

/**
 * Acts on the counts just written, in the same transaction: harm stops the canary before anybody else is served by it, and a step that
 * has what it asked for gives way to the next.
 */
export async function settle(ctx: MutationCtx, canary: Doc<'dseCanaries'>, requestId: string): Promise<void> {
  const verdict = verdictOf(canary, Date.now());
  const act = { actor: 'verdict', reason: verdict.reasons.join(' '), requestId };
  if (verdict.verdict === 'fail') return await stopCanary(ctx, canary, act);
  const next = canary.ramp[canary.step + 1];
  if (!verdict.stepDone || !next) return;
  const begun = {
    step: canary.step + 1,
    percent: next.percent,
    stepStartedAt: Date.now(),
    earlier: canary.counts,
    units: { control: 0, canary: 0 },
    latency: { control: [], canary: [] },
  };
  await ctx.db.patch(canary._id, begun);
  const reason = `${act.reason} Now ${next.percent} %.`;
  await keepCanaryChange(ctx, { ...canary, percent: next.percent }, 'step', { ...act, reason }, verdict);
}

/** A line of history with the canary's counts as they stand. */
export async function keepCanaryChange(
  ctx: MutationCtx,
  { canaryId, signatureId, percent, salt, counts }: Doc<'dseCanaries'>,
  action: 'start' | 'step' | 'stop',
  act: Act,
  verdict: CanaryVerdict,
): Promise<void> {
  await keepChange(ctx, { canaryId, signatureId, action, percent, salt, counts, verdict, ...act });
}

/** Whether a canary was stopped because its counts showed harm. */
export function stoppedForHarm({ finalVerdictJson }: Doc<'dseCanaries'>): boolean {
  return finalVerdictJson !== null && (JSON.parse(finalVerdictJson) as CanaryVerdict).verdict === 'fail';
}

/** A canary as the API and the pages show it. */
export function canaryView(canary: Doc<'dseCanaries'>, now: number): CanaryView {
  const { _id, _creationTime, finalVerdictJson, earlier, latency, suspected, ...row } = canary;
  const { verdict, code, reasons, evidence } = latestVerdict(canary, now);
  return {
    ...row,
    stepCounts: stepCountsOf(canary),
    verdict: {
      verdict,
      code,
      reasons: [...reasons],
      evidence: JSON.parse(JSON.stringify(evidence)) as Json,
    },
  };
}
