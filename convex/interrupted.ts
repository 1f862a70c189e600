import { v } from 'convex/values';
import { interruptedReceipt } from '../loop/predict/interruptedReceipt.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, type MutationCtx } from './_generated/server.js';
import { knownSignature } from './artifacts.ts';
import { assign } from './assignment.ts';
import { addPart, endMessage } from './autopilot.ts';
import { modelSettings } from './deployment.ts';
import { failureOf } from './failure.ts';
import { offerOf } from './offer.ts';
import { closePredict } from './openPredicts.ts';
import { recordReceipt } from './receipts.ts';

const TOLD = 'The server stopped while it worked on this. Send it again.';

/** Ends a predict that nobody works on any more with the receipt `interrupted`, and its message as failed. */
export const end = internalMutation({
  args: { openId: v.id('dseOpenPredicts') },
  handler: async (ctx, { openId }): Promise<void> => {
    const row = await ctx.db.get(openId);
    // Its answer came after all, or it was given more time since it was looked at.
    if (!row || Date.now() < row.expiresAt) return;
    await closePredict(ctx, openId);
    if (row.inputHash !== null) await writeReceipt(ctx, row, row.inputHash);
    if (await endMessage(ctx, row.messageId, 'failed')) await addPart(ctx, row.messageId, 4, 'error', TOLD);
  },
});

async function writeReceipt(ctx: MutationCtx, row: Doc<'dseOpenPredicts'>, inputHash: string): Promise<void> {
  const { receiptId, purpose, opsRunId, requestId, threadId, unit, startedAt } = row;
  try {
    const signature = knownSignature(row.signatureId);
    const { artifact, unstoredJson, ...assignment } = assign(signature, await offerOf(ctx, row.offer), unit);
    const receipt = interruptedReceipt(
      signature,
      artifact,
      { ...assignment, receiptId, purpose, opsRunId, requestId, threadId, unit },
      { inputHash, startedAt, provider: new URL(modelSettings().OA_LM_BASE_URL).host },
    );
    await recordReceipt(ctx, JSON.stringify(receipt), unstoredJson);
  } catch (error) {
    // After a deployment without the signature or the model there is nothing that a receipt could name.
    const known = failureOf(error);
    if (!known) throw error;
    console.error(JSON.stringify({ level: 'error', requestId, receiptId, error: known.message }));
  }
}
