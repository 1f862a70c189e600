import { v } from 'convex/values';
import type { Artifact } from '../loop/contract/params.ts';
import type { Doc, Id } from './_generated/dataModel.js';
import { internalMutation, internalQuery, type MutationCtx } from './_generated/server.js';
import { worriedBreakers } from './breakers.ts';
import { failure } from './failure.ts';
import { idsOf, type Offer, offer } from './offer.ts';
import { keepArtifact } from './receipts.ts';

// Called for every message: this module imports nothing that is slow to load.

/** The longest `maxTimeMs` of the defaults that a message may run: `openPredicts.test.ts` compares it with the catalog. */
export const DEFAULTS_TIME_MS = 20_000;
/** From the end of a predict's time to its receipt: what an abort and a transaction take on a busy machine, and more. */
const GRACE_MS = 5_000;
/** A thread that is to be recapped is read page by page before its predict begins. */
const READING_MS = 60_000;

type OpenPredict = Omit<Doc<'dseOpenPredicts'>, '_id' | '_creationTime'>;

/** A predict that begins with what is known of it. */
export type Begins = Omit<OpenPredict, 'stopAsked' | 'offer' | 'startedAt' | 'expiresAt'>;

/** A predict that has begun, and what may serve it. */
export interface BegunPredict {
  readonly openId: Id<'dseOpenPredicts'>;
  readonly receiptId: string;
  readonly offer: Offer;
  readonly breakers: readonly Doc<'dseBreakers'>[];
}

/**
 * Begins a predict on what may serve its signature's users now, in the caller's transaction: from now on it ends with exactly one
 * receipt. Without an input hash it is still to be made ready.
 */
export async function beginPredict(ctx: MutationCtx, begins: Begins): Promise<BegunPredict> {
  const offered = await offer(ctx, begins.signatureId);
  const startedAt = Date.now();
  const allowed = begins.inputHash === null ? READING_MS : timeOf(offered) + GRACE_MS;
  const openId = await ctx.db.insert('dseOpenPredicts', {
    ...begins,
    offer: idsOf(offered),
    stopAsked: false,
    startedAt,
    expiresAt: startedAt + allowed,
  });
  const breakers = await worriedBreakers(ctx);
  return { openId, receiptId: begins.receiptId, offer: offered, breakers };
}

function timeOf({ active, canary }: Offer): number {
  const stored = canary ? [canary.control, canary.treatment] : active ? [active] : [];
  if (stored.length === 0) return DEFAULTS_TIME_MS;
  return Math.max(
    ...stored.map(({ artifactJson }) => (JSON.parse(artifactJson) as Artifact).params.budgets.maxTimeMs),
  );
}

/** Says what a predict that read its input first runs on, and when it will be over at the latest. */
export const ready = internalMutation({
  args: {
    openId: v.id('dseOpenPredicts'),
    inputHash: v.string(),
    compiledId: v.string(),
    artifactJson: v.string(),
    maxTimeMs: v.number(),
  },
  handler: async (ctx, { openId, inputHash, compiledId, artifactJson, maxTimeMs }): Promise<void> => {
    const row = await ctx.db.get(openId);
    if (!row) return;
    await keepArtifact(ctx, { compiledId, signatureId: row.signatureId }, artifactJson);
    const startedAt = Date.now();
    await ctx.db.patch(openId, {
      inputHash,
      offer: { active: compiledId, canary: null },
      startedAt,
      expiresAt: startedAt + maxTimeMs + GRACE_MS,
    });
  },
});

/**
 * Ends the time in which a predict may write its receipt, in the transaction that writes it. Null when it is over already: then
 * `interrupted` stands in its place, and a late answer is dropped.
 */
export async function closePredict(
  ctx: MutationCtx,
  openId: Id<'dseOpenPredicts'>,
): Promise<Doc<'dseOpenPredicts'> | null> {
  const row = await ctx.db.get(openId);
  if (row) await ctx.db.delete(openId);
  return row;
}

/** Whether a predict should end: its user asked for it, or its receipt is written. */
export const isToStop = internalQuery({
  args: { openId: v.id('dseOpenPredicts') },
  handler: async (ctx, { openId }): Promise<boolean> => (await ctx.db.get(openId))?.stopAsked ?? true,
});

/** The open predict of a message, or null. There is at most one. */
export async function openPredictOf(
  ctx: MutationCtx,
  messageId: string,
): Promise<Doc<'dseOpenPredicts'> | null> {
  return await ctx.db
    .query('dseOpenPredicts')
    .withIndex('by_message', q => q.eq('messageId', messageId))
    .first();
}

/** Asks that an answer of the user's be stopped. Refused for anybody else's; asked again, or too late, it changes nothing. */
export const stop = internalMutation({
  args: { userId: v.string(), messageId: v.string() },
  handler: async (ctx, { userId, messageId }): Promise<'stopping' | 'complete' | 'failed'> => {
    const message = await ctx.db
      .query('messages')
      .withIndex('by_message', q => q.eq('messageId', messageId))
      .first();
    const thread =
      message &&
      (await ctx.db
        .query('threads')
        .withIndex('by_thread', q => q.eq('threadId', message.threadId))
        .first());
    // A user is told the same of a missing message and of somebody else's.
    if (thread?.userId !== userId) throw failure('not_found', `You have no message ${messageId}.`);
    if (message && message.status !== 'streaming') return message.status;
    const open = await openPredictOf(ctx, messageId);
    if (open && !open.stopAsked) await ctx.db.patch(open._id, { stopAsked: true });
    return 'stopping';
  },
});
