import type { MutationCtx, QueryCtx } from './_generated/server.js';

// The only module that names the table of pointers: no other can move one, and `fixtures/pointerWriters.test.ts` keeps it so.

/** A move of the pointer, with all that it rests on. */
export interface Move {
  readonly signatureId: string;
  readonly action: 'promote' | 'rollback';
  readonly fromCompiledId: string;
  readonly toCompiledId: string;
  readonly actor: string;
  readonly reason: string;
  readonly runId: string | null;
  readonly requestId: string;
  readonly evidenceJson: string;
}

/** What a signature's traffic follows, or null while nothing was ever promoted. */
export async function pointerOf(
  ctx: QueryCtx,
  signatureId: string,
): Promise<{ compiledId: string; since: number } | null> {
  const pointer = await ctx.db
    .query('dseActiveArtifacts')
    .withIndex('by_signature', q => q.eq('signatureId', signatureId))
    .unique();
  return pointer && { compiledId: pointer.compiledId, since: pointer.since };
}

/** Moves the pointer, always with its line of history. Answers since when it stands there. */
export async function movePointer(ctx: MutationCtx, move: Move): Promise<number> {
  const at = Date.now();
  const pointer = await ctx.db
    .query('dseActiveArtifacts')
    .withIndex('by_signature', q => q.eq('signatureId', move.signatureId))
    .unique();
  const row = { signatureId: move.signatureId, compiledId: move.toCompiledId, since: at };
  if (pointer) await ctx.db.replace(pointer._id, row);
  else await ctx.db.insert('dseActiveArtifacts', row);
  await ctx.db.insert('dseActiveArtifactHistory', { ...move, at });
  return at;
}
