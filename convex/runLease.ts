import type { Doc } from './_generated/dataModel.js';
import type { QueryCtx } from './_generated/server.js';

// The reporter beats every 15 s; four missed beats and the signature is free for another night.
export const RUN_LEASE_MS = 60_000;

/** Another run that holds a signature's lease, or undefined. */
export async function otherHolder(ctx: QueryCtx, signatureId: string, runId: string, now: number) {
  const holders = await ctx.db
    .query('dseOpsRuns')
    .withIndex('by_lease', q => q.eq('signatureId', signatureId).gt('leaseUntil', now))
    .collect();
  return holders.find(run => run.runId !== runId);
}

/** A run that was silent for too long may find its lease with another one; then it does not get it back by talking. */
export async function mayRenewLease(ctx: QueryCtx, run: Doc<'dseOpsRuns'>, now: number): Promise<boolean> {
  if (run.signatureId === null || run.status !== 'running' || run.leaseUntil === 0) return false;
  return run.leaseUntil > now || (await otherHolder(ctx, run.signatureId, run.runId, now)) === undefined;
}
