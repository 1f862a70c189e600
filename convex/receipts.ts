import { v } from 'convex/values';
import type { Receipt } from '../loop/contract/receipt.ts';
import { internalMutation, internalQuery, type MutationCtx } from './_generated/server.js';
import { getBlob } from './blobs.ts';
import { countOnCanary } from './canaryCount.ts';
import { countOnSoak } from './soakCount.ts';
import { exportLater } from './telemetry.ts';

/** Keeps receipts of predicts outside of any chat. Writing one again changes nothing. */
export const record = internalMutation({
  args: { receiptJsons: v.array(v.string()) },
  handler: async (ctx, { receiptJsons }) => {
    const kept: string[] = [];
    for (const receiptJson of receiptJsons) kept.push(...(await keepReceipt(ctx, receiptJson, null)));
    await exportLater(ctx, kept);
  },
});

/**
 * Keeps the receipt of one predict and counts it on its canary, in the caller's transaction: a receipt that shows harm stops the
 * canary before anybody else is served by it. Only the server makes receipts, so the text is a receipt's. `unstoredJson` is its
 * artifact where that may not be stored yet, so that a receipt never names one that cannot be read.
 */
export async function recordReceipt(
  ctx: MutationCtx,
  receiptJson: string,
  unstoredJson: string | null = null,
): Promise<void> {
  await exportLater(ctx, await keepReceipt(ctx, receiptJson, unstoredJson));
}

/** Answers the id of the receipt, or nothing when it was there. */
async function keepReceipt(
  ctx: MutationCtx,
  receiptJson: string,
  unstoredJson: string | null,
): Promise<string[]> {
  const receipt = JSON.parse(receiptJson) as Receipt;
  const known = await ctx.db
    .query('receipts')
    .withIndex('by_receipt', q => q.eq('receiptId', receipt.receiptId))
    .first();
  if (known) return [];
  const canaryStep = saysNothing(receipt) ? null : await count(ctx, receipt);
  await ctx.db.insert('receipts', {
    kind: 'dse.predict',
    receiptId: receipt.receiptId,
    signatureId: receipt.signatureId,
    compiledId: receipt.compiledId,
    arm: receipt.arm,
    canaryId: receipt.canaryId,
    canaryStep,
    unit: receipt.unit,
    opsRunId: receipt.opsRunId,
    requestId: receipt.requestId,
    ok: receipt.result.ok,
    ms: receipt.ms,
    at: receipt.startedAt,
    receiptJson,
    outcome: null,
  });
  if (unstoredJson !== null) await keepArtifact(ctx, receipt, unstoredJson);
  return [receipt.receiptId];
}

/** A user's wish and a server's stop end a predict without a word on its artifact: neither counts for or against it. */
function saysNothing({ result }: Receipt): boolean {
  return !result.ok && (result.error.code === 'cancelled' || result.error.code === 'interrupted');
}

async function count(ctx: MutationCtx, receipt: Receipt): Promise<number | null> {
  if (receipt.canaryId !== null) return await countOnCanary(ctx, receipt, receipt.canaryId);
  await countOnSoak(ctx, receipt);
  return null;
}

/** Keeps an artifact under its id, unless it is there. */
export async function keepArtifact(
  ctx: MutationCtx,
  { compiledId, signatureId }: Pick<Receipt, 'compiledId' | 'signatureId'>,
  artifactJson: string,
): Promise<void> {
  const known = await ctx.db
    .query('dseArtifacts')
    .withIndex('by_compiled', q => q.eq('compiledId', compiledId))
    .first();
  if (!known)
    await ctx.db.insert('dseArtifacts', { compiledId, signatureId, artifactJson, createdAt: Date.now() });
}

/** One receipt with the user it belongs to, or null. */
export const byId = internalQuery({
  args: { receiptId: v.string() },
  handler: async (ctx, { receiptId }): Promise<{ receiptJson: string; unit: string | null } | null> => {
    const row = await ctx.db
      .query('receipts')
      .withIndex('by_receipt', q => q.eq('receiptId', receiptId))
      .first();
    return row && { receiptJson: row.receiptJson, unit: row.unit };
  },
});

/** A blob that a receipt refers to, with the user it belongs to, or null. */
export const blobOf = internalQuery({
  args: { receiptId: v.string(), blobId: v.string() },
  handler: async (ctx, { receiptId, blobId }): Promise<{ text: string; unit: string | null } | null> => {
    const row = await ctx.db
      .query('receipts')
      .withIndex('by_receipt', q => q.eq('receiptId', receiptId))
      .first();
    if (!row || (JSON.parse(row.receiptJson) as Receipt).traceId !== blobId) return null;
    const text = await getBlob(ctx, blobId);
    return text === null ? null : { text, unit: row.unit };
  },
});

/** The trace of a receipt as JSON text, or null. */
export const traceOf = internalQuery({
  args: { receiptId: v.string() },
  handler: async (ctx, { receiptId }): Promise<string | null> => {
    const row = await ctx.db
      .query('receipts')
      .withIndex('by_receipt', q => q.eq('receiptId', receiptId))
      .first();
    const traceId = row && (JSON.parse(row.receiptJson) as Receipt).traceId;
    return traceId ? await getBlob(ctx, traceId) : null;
  },
});

/** A page of receipts, newest first. */
export const list = internalQuery({
  args: {
    signatureId: v.optional(v.string()),
    canaryId: v.optional(v.string()),
    requestId: v.optional(v.string()),
    limit: v.number(),
    cursor: v.union(v.string(), v.null()),
  },
  handler: async (ctx, { signatureId, canaryId, requestId, limit, cursor }) => {
    const rows = ctx.db.query('receipts');
    const chosen =
      requestId !== undefined
        ? rows.withIndex('by_request', q => q.eq('requestId', requestId))
        : canaryId !== undefined
          ? rows.withIndex('by_canary', q => q.eq('canaryId', canaryId))
          : signatureId !== undefined
            ? rows.withIndex('by_signature', q => q.eq('signatureId', signatureId))
            : rows;
    const page = await chosen.order('desc').paginate({ numItems: limit, cursor });
    return {
      receiptJsons: page.page.map(row => row.receiptJson),
      cursor: page.isDone ? null : page.continueCursor,
    };
  },
});
