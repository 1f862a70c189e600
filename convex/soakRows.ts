import { type SoakVerdict, soakVerdict } from '../loop/canary/soakVerdict.ts';
import type { SoakView } from '../loop/contract/canary.ts';
import type { Doc } from './_generated/dataModel.js';
import type { MutationCtx, QueryCtx } from './_generated/server.js';
import { keepChange } from './canaryHistory.ts';
import type { Act } from './canaryRows.ts';

/** The open soak of a signature, or null. There is at most one, and it watches the active artifact. */
export async function openSoak(ctx: QueryCtx, signatureId: string): Promise<Doc<'dseSoaks'> | null> {
  return await ctx.db
    .query('dseSoaks')
    .withIndex('by_signature', q => q.eq('signatureId', signatureId).eq('status', 'open'))
    .first();
}

/** The soak after a canary, or null when it was not promoted. */
export async function soakOfCanary(ctx: QueryCtx, canaryId: string): Promise<Doc<'dseSoaks'> | null> {
  return await ctx.db
    .query('dseSoaks')
    .withIndex('by_canary', q => q.eq('canaryId', canaryId))
    .first();
}

/** The open soak of a signature, else the one that ended last, or null. */
export async function newestSoak(ctx: QueryCtx, signatureId: string): Promise<Doc<'dseSoaks'> | null> {
  const open = await openSoak(ctx, signatureId);
  if (open) return open;
  return await ctx.db
    .query('dseSoaks')
    .withIndex('by_signature', q => q.eq('signatureId', signatureId).eq('status', 'ended'))
    .order('desc')
    .first();
}

/** What the counts of a soak say. Pure but for the row. */
export function soakVerdictOf({ served, planned, control }: Doc<'dseSoaks'>): SoakVerdict {
  return soakVerdict({ served, planned, control });
}

/** Begins the watch over what has just been promoted from a canary. */
export async function startSoak(
  ctx: MutationCtx,
  canary: Doc<'dseCanaries'>,
  plan: { planned: number; ms: number; fromCompiledId: string },
  act: Act,
): Promise<void> {
  const now = Date.now();
  const { canaryId, signatureId, runId, salt, counts } = canary;
  const id = await ctx.db.insert('dseSoaks', {
    canaryId,
    signatureId,
    runId,
    compiledId: canary.canaryCompiledId,
    fromCompiledId: plan.fromCompiledId,
    salt,
    status: 'open',
    outcome: null,
    reason: null,
    served: { n: 0, failures: 0 },
    control: { n: counts.control.n, failures: counts.control.failures },
    planned: plan.planned,
    startedAt: now,
    endsAt: now + plan.ms,
  });
  const soak = await ctx.db.get(id);
  if (soak) await keepSoakChange(ctx, soak, 'soak_start', act);
}

/** Ends a soak for good, with its outcome and why. */
export async function endSoak(
  ctx: MutationCtx,
  soak: Doc<'dseSoaks'>,
  outcome: NonNullable<Doc<'dseSoaks'>['outcome']>,
  act: Act,
): Promise<void> {
  await ctx.db.patch(soak._id, { status: 'ended', outcome, reason: act.reason });
  await keepSoakChange(ctx, soak, 'soak_end', { ...act, reason: `${outcome}: ${act.reason}` });
}

async function keepSoakChange(
  ctx: MutationCtx,
  soak: Doc<'dseSoaks'>,
  action: 'soak_start' | 'soak_end',
  act: Act,
): Promise<void> {
  const { canaryId, signatureId, salt, served, control } = soak;
  const counts = { served, control };
  const verdict = soakVerdictOf(soak);
  await keepChange(ctx, { canaryId, signatureId, action, percent: 100, salt, counts, verdict, ...act });
}

/** A soak as the API and the pages show it. */
export function soakView(soak: Doc<'dseSoaks'>): SoakView {
  const { canaryId, runId, compiledId, fromCompiledId, status, outcome, served, planned, startedAt, endsAt } =
    soak;
  const reason = soak.reason ?? soakVerdictOf(soak).reason;
  return {
    canaryId,
    runId,
    compiledId,
    fromCompiledId,
    status,
    outcome,
    reason,
    served,
    planned,
    startedAt,
    endsAt,
  };
}

/** Why a soak that ends early confirms nothing, in words. Its artifact stays: it has passed its canary, and shown no harm. */
export function unwatched({ served, planned }: Doc<'dseSoaks'>): string {
  return `Only ${served.n} of ${planned} planned answers were watched, ${served.failures} failed.`;
}
