import { type CanaryVerdict, canaryVerdict } from '../loop/canary/verdict.ts';
import type { CanaryView } from '../loop/contract/canary.ts';
import type { Json } from '../loop/contract/json.ts';
import type { Doc } from './_generated/dataModel.js';
import type { MutationCtx, QueryCtx } from './_generated/server.js';

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

/** The verdict on the stored counts of a canary. Pure but for the rows and the clock. */
export function verdictOf(canary: Doc<'dseCanaries'>, now: number): CanaryVerdict {
  const { counts, percent, units, contaminatedUnits, attestationMismatches, startedAt, endsAt } = canary;
  return canaryVerdict({
    ...counts,
    percent,
    units,
    contaminatedUnits,
    attestationMismatches,
    startedAt,
    endsAt,
    now,
  });
}

/** Stops a canary for good and writes down why, by whom and on which counts. */
export async function stopCanary(
  ctx: MutationCtx,
  canary: Doc<'dseCanaries'>,
  stop: { actor: string; reason: string; requestId: string },
): Promise<void> {
  const at = Date.now();
  await ctx.db.patch(canary._id, {
    status: 'stopped',
    stopReason: stop.reason,
    finalVerdictJson: JSON.stringify(verdictOf(canary, at)),
    counts: canary.counts,
  });
  await ctx.db.insert('dseCanaryHistory', {
    canaryId: canary.canaryId,
    signatureId: canary.signatureId,
    action: 'stop',
    ...stop,
    countsJson: JSON.stringify(canary.counts),
    salt: canary.salt,
    at,
  });
}

/** Whether a canary was stopped because its counts showed harm. */
export function stoppedForHarm({ finalVerdictJson }: Doc<'dseCanaries'>): boolean {
  return finalVerdictJson !== null && (JSON.parse(finalVerdictJson) as CanaryVerdict).verdict === 'fail';
}

/** A canary as the API and the pages show it. */
export function canaryView(canary: Doc<'dseCanaries'>, now: number): CanaryView {
  const { _id, _creationTime, finalVerdictJson, ...row } = canary;
  const { verdict, code, reasons, evidence } =
    finalVerdictJson === null ? verdictOf(canary, now) : (JSON.parse(finalVerdictJson) as CanaryVerdict);
  return {
    ...row,
    verdict: { verdict, code, reasons, evidence: JSON.parse(JSON.stringify(evidence)) as Json },
  };
}
