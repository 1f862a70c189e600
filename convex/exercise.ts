import { v } from 'convex/values';
import type { Receipt } from '../loop/contract/receipt.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, internalQuery, type QueryCtx } from './_generated/server.js';
import { knownSignature } from './artifacts.ts';
import { plusOutcome } from './canaryCount.ts';
import { canaryById } from './canaryRows.ts';
import { canaryExample, isCorrect } from './correctness.ts';
import { type Offer, offer } from './offer.ts';
import { recordReceipt } from './receipts.ts';

/** Finds or makes the user and thread of an exerciser. */
export const ensureThread = internalMutation({
  args: { userId: v.string(), name: v.string(), newThreadId: v.string() },
  handler: async (ctx, { userId, name, newThreadId }) => {
    const thread = await threadOf(ctx, userId);
    if (thread) return { threadId: thread.threadId, created: false };
    const createdAt = Date.now();
    await ctx.db.insert('users', { userId, name, createdAt });
    await ctx.db.insert('threads', { threadId: newThreadId, userId, createdAt });
    return { threadId: newThreadId, created: true };
  },
});

/** What an exercise needs: the input, what may serve it, and the exerciser's thread. */
export const plan = internalQuery({
  args: { signatureId: v.string(), userId: v.string(), exampleId: v.string() },
  handler: async (
    ctx,
    { signatureId, userId, exampleId },
  ): Promise<{ inputJson: string; offer: Offer; threadId: string | null }> => {
    knownSignature(signatureId);
    const { inputJson } = await canaryExample(ctx, signatureId, exampleId);
    const thread = await threadOf(ctx, userId);
    return { inputJson, offer: await offer(ctx, signatureId), threadId: thread?.threadId ?? null };
  },
});

/** An exercise that was made before, or null. */
export const known = internalQuery({
  args: { receiptId: v.string() },
  handler: async (ctx, { receiptId }) => {
    const row = await receiptRow(ctx, receiptId);
    return row && (await exercised(ctx, row));
  },
});

/** Keeps the receipt of an exercise with its outcome. Kept again it changes nothing. */
export const keep = internalMutation({
  args: { receiptJson: v.string(), unstoredJson: v.union(v.string(), v.null()), exampleId: v.string() },
  handler: async (ctx, { receiptJson, unstoredJson, exampleId }) => {
    const receipt = JSON.parse(receiptJson) as Receipt;
    const { receiptId, arm, canaryId } = receipt;
    const before = await receiptRow(ctx, receiptId);
    if (before) return await exercised(ctx, before);
    const correct = await isCorrect(ctx, receipt, exampleId);
    await recordReceipt(ctx, receiptJson, unstoredJson);
    // read anew: a failure may just have stopped the canary, and a stopped one does not change
    const counted = canaryId === null ? null : await canaryById(ctx, canaryId);
    if (counted?.status === 'running' && arm !== 'none')
      await ctx.db.patch(counted._id, {
        exercise: { ...counted.exercise, [arm]: plusOutcome(counted.exercise[arm], correct) },
      });
    const row = await receiptRow(ctx, receiptId);
    if (!row) throw new Error(`The receipt ${receiptId} was not stored.`);
    const outcome = { exampleId, correct, at: Date.now() };
    await ctx.db.patch(row._id, { outcome });
    return await exercised(ctx, { ...row, outcome });
  },
});

async function exercised(ctx: QueryCtx, row: Doc<'receipts'>) {
  const { receiptId, canaryId, arm, compiledId, outcome } = row;
  const { result } = JSON.parse(row.receiptJson) as Receipt;
  const canary = canaryId === null ? null : await canaryById(ctx, canaryId);
  return {
    receiptId,
    canaryId,
    arm,
    compiledId,
    resultJson: JSON.stringify(result),
    correct: outcome?.correct ?? false,
    exercise: canary?.exercise ?? null,
  };
}

async function receiptRow(ctx: QueryCtx, receiptId: string): Promise<Doc<'receipts'> | null> {
  return await ctx.db
    .query('receipts')
    .withIndex('by_receipt', q => q.eq('receiptId', receiptId))
    .first();
}

async function threadOf(ctx: QueryCtx, userId: string): Promise<Doc<'threads'> | null> {
  return await ctx.db
    .query('threads')
    .withIndex('by_user', q => q.eq('userId', userId))
    .first();
}
