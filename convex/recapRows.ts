import { v } from 'convex/values';
import { recapThreadId } from '../loop/catalog/ids.ts';
import { internalMutation, internalQuery } from './_generated/server.js';
import { addPart, endMessage, textOfMessage, threadOf } from './autopilot.ts';
import { putBlob } from './blobs.ts';
import { failure } from './failure.ts';
import { type BegunPredict, beginPredict, closePredict } from './openPredicts.ts';
import { recordReceipt } from './receipts.ts';

/** What a recap knows once its place in the thread is made. */
export interface RecapBegun {
  readonly threadId: string;
  readonly messageId: string;
  readonly predict: BegunPredict;
}

/** Makes the message that a recap will fill. Refused without a thread. */
export const begin = internalMutation({
  args: {
    userId: v.string(),
    requestId: v.string(),
    opsRunId: v.union(v.string(), v.null()),
    receiptId: v.string(),
    threadId: v.union(v.string(), v.null()),
    messageId: v.string(),
  },
  handler: async (ctx, { userId, threadId: wanted, ...args }): Promise<RecapBegun> => {
    const thread = await threadOf(ctx, userId);
    if (wanted !== null && wanted !== thread?.threadId)
      throw failure('not_found', `You have no thread ${wanted}.`);
    if (!thread) throw failure('nothing_to_recap', 'There is nothing to recap yet. Write a message first.');
    const { threadId } = thread;
    const { requestId, opsRunId, receiptId, messageId } = args;
    await ctx.db.insert('messages', {
      messageId,
      threadId,
      role: 'assistant',
      status: 'streaming',
      requestId,
      at: Date.now(),
    });
    const predict = await beginPredict(ctx, {
      receiptId,
      signatureId: recapThreadId,
      purpose: 'recap',
      messageId,
      threadId,
      unit: userId,
      requestId,
      opsRunId,
      inputHash: null,
    });
    return { threadId, messageId, predict };
  },
});

/** A page of what was said in a thread, oldest first, without earlier recaps and messages that were not finished. */
export const said = internalQuery({
  args: { threadId: v.string(), cursor: v.union(v.string(), v.null()) },
  handler: async (ctx, { threadId, cursor }): Promise<{ lines: string[]; cursor: string | null }> => {
    const page = await ctx.db
      .query('messages')
      .withIndex('by_thread', q => q.eq('threadId', threadId))
      .paginate({ cursor, numItems: 200 });
    const lines = await Promise.all(
      page.page.map(async ({ messageId, role, status }) => {
        if (status !== 'complete') return [];
        const { text, isRecap } = await textOfMessage(ctx, messageId);
        return isRecap || text === '' ? [] : [`${role}: ${text}`];
      }),
    );
    return { lines: lines.flat(), cursor: page.isDone ? null : page.continueCursor };
  },
});

/** Keeps a recap with its receipt and its trace, in one transaction. False when its message has ended without it. */
export const finish = internalMutation({
  args: {
    openId: v.id('dseOpenPredicts'),
    text: v.string(),
    error: v.union(v.string(), v.null()),
    cardJson: v.string(),
    receiptJson: v.string(),
    trace: v.union(v.object({ traceId: v.string(), json: v.string() }), v.null()),
  },
  handler: async (ctx, { openId, text, error, cardJson, receiptJson, trace }): Promise<boolean> => {
    const open = await closePredict(ctx, openId);
    if (!open) return false;
    const { messageId } = open;
    await recordReceipt(ctx, receiptJson);
    if (trace) await putBlob(ctx, trace.traceId, trace.json);
    await addPart(ctx, messageId, 0, 'dse.signature', JSON.parse(cardJson));
    if (error === null) await addPart(ctx, messageId, 1, 'text', text);
    else await addPart(ctx, messageId, 1, 'error', error);
    await endMessage(ctx, messageId, error === null ? 'complete' : 'failed');
    return true;
  },
});
