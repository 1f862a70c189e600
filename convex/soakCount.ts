import type { Receipt } from '../loop/contract/receipt.ts';
import type { MutationCtx } from './_generated/server.js';
import { rollBack } from './rollBack.ts';
import { endSoak, openSoak, soakVerdictOf } from './soakRows.ts';

/**
 * Counts a live receipt on the soak of its artifact, in the caller's transaction: the receipt that shows harm rolls the artifact
 * back, and the one that completes the planned traffic ends the watch.
 */
export async function countOnSoak(ctx: MutationCtx, receipt: Receipt): Promise<void> {
  if (receipt.purpose !== 'chat' && receipt.purpose !== 'recap') return;
  const open = await openSoak(ctx, receipt.signatureId);
  if (open?.compiledId !== receipt.compiledId) return;
  const served = {
    n: open.served.n + 1,
    failures: open.served.failures + (receipt.result.ok ? 0 : 1),
  };
  await ctx.db.patch(open._id, { served });
  const { verdict, reason } = soakVerdictOf({ ...open, served });
  const act = { actor: 'soak', reason, requestId: receipt.requestId };
  if (verdict === 'healthy') await endSoak(ctx, { ...open, served }, 'healthy', act);
  if (verdict === 'harm') {
    const { signatureId, compiledId: fromCompiledId, runId } = open;
    await rollBack(ctx, { signatureId, fromCompiledId, runId }, act);
  }
}
