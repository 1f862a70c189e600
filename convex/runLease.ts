import type { Doc } from './_generated/dataModel.js';
import type { QueryCtx } from './_generated/server.js';
import { failure } from './failure.ts';

/** The reporter beats every 15 s; four missed beats and the signature is free for another night. */
export const RUN_LEASE_MS = 60_000;

/** Throws `lease_held` while another run holds a signature's lease. */
export async function requireFreeLease(
  ctx: QueryCtx,
  signatureId: string,
  runId: string,
  now: number,
): Promise<void> {
  const holder = await otherHolder(ctx, signatureId, runId, now);
  if (!holder) return;
  const seconds = Math.ceil((holder.leaseUntil - now) / 1_000);
  throw failure(
    'lease_held',
    `Run ${holder.runId} holds ${signatureId} for ${seconds} s more. If it was killed, continue it with DSE_RUN_ID=${holder.runId}, or wait.`,
    { holder: holder.runId, seconds },
  );
}

/** A run that was silent for too long may find its lease with another one; then it does not get it back by talking. */
export async function mayRenewLease(ctx: QueryCtx, run: Doc<'dseOpsRuns'>, now: number): Promise<boolean> {
  if (run.signatureId === null || run.status !== 'running' || run.leaseUntil === 0) return false;
  return run.leaseUntil > now || (await otherHolder(ctx, run.signatureId, run.runId, now)) === undefined;
}

/** Another run that holds a signature's lease, or undefined. A lease from after a clock that was set back has run out too. */
async function otherHolder(ctx: QueryCtx, signatureId: string, runId: string, now: number) {
  const holders = await ctx.db
    .query('dseOpsRuns')
    .withIndex('by_lease', q =>
      q
        .eq('signatureId', signatureId)
        .gt('leaseUntil', now)
        .lte('leaseUntil', now + 2 * RUN_LEASE_MS),
    )
    .collect();
  return holders.find(run => run.runId !== runId);
}
