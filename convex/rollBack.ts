import type { MutationCtx } from './_generated/server.js';
import { movePointer, pointerOf } from './activePointer.ts';
import type { Act } from './canaryRows.ts';
import { failure } from './failure.ts';
import { endSoak, newestSoak, soakVerdictOf } from './soakRows.ts';

/** Where a rollback went; `changed` is false when the artifact was not active any more. */
export interface RolledBack {
  readonly active: { readonly compiledId: string; readonly since: number };
  readonly changed: boolean;
}

/** Goes back from an active artifact to the one before its promotion, and ends its soak. Asked again it changes nothing. */
export async function rollBack(
  ctx: MutationCtx,
  {
    signatureId,
    fromCompiledId,
    runId,
  }: { signatureId: string; fromCompiledId: string; runId: string | null },
  act: Act,
): Promise<RolledBack> {
  const active = await pointerOf(ctx, signatureId);
  if (!active)
    throw failure('nothing_to_roll_back', `${signatureId} runs its defaults; nothing was promoted before.`);
  if (active.compiledId !== fromCompiledId) return { active, changed: false };
  const promotion = await ctx.db
    .query('dseActiveArtifactHistory')
    .withIndex('by_signature', q => q.eq('signatureId', signatureId))
    .order('desc')
    .filter(q => q.and(q.eq(q.field('action'), 'promote'), q.eq(q.field('toCompiledId'), fromCompiledId)))
    .first();
  if (!promotion)
    throw failure(
      'nothing_to_roll_back',
      `Artifact ${fromCompiledId} of ${signatureId} was never promoted, so nothing lies before it.`,
    );
  const newest = await newestSoak(ctx, signatureId);
  const soak = newest?.compiledId === fromCompiledId ? newest : null;
  if (soak?.status === 'open') await endSoak(ctx, soak, 'rolled_back', act);
  const since = await movePointer(ctx, {
    signatureId,
    action: 'rollback',
    fromCompiledId,
    toCompiledId: promotion.fromCompiledId,
    runId,
    ...act,
    evidenceJson: JSON.stringify({
      promotedAt: promotion.at,
      soak: soak && {
        canaryId: soak.canaryId,
        salt: soak.salt,
        counts: { served: soak.served, control: soak.control },
        verdict: soakVerdictOf(soak),
      },
    }),
  });
  return { active: { compiledId: promotion.fromCompiledId, since }, changed: true };
}
