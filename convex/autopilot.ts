import { v } from 'convex/values';
import { recapThreadId, respondId } from '../loop/catalog/ids.ts';
import type { BlueprintTool } from '../loop/catalog/selectTool.ts';
import { contentHash } from '../loop/contentHash.ts';
import type { SignatureCard, ThreadMessage } from '../loop/contract/autopilot.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, internalQuery, type MutationCtx, type QueryCtx } from './_generated/server.js';
import { failure } from './failure.ts';
import { type BegunPredict, beginPredict, closePredict, openPredictOf } from './openPredicts.ts';
import { recordReceipt } from './receipts.ts';
import { STOPPED } from './stopped.ts';

// Called several times for every message: this module imports nothing that is slow to load.

/** What the chat knows once a message is stored. */
export interface Begun {
  readonly threadId: string;
  readonly messageId: string;
  readonly predict: BegunPredict;
}

/** How a message goes on once its tool has been chosen; `late` when it has ended without that choice. */
export type Chosen =
  | {
      readonly next: 'answer';
      readonly change: Change | null;
      readonly input: RespondInput;
      readonly predict: BegunPredict;
    }
  | { readonly next: 'stopped' }
  | { readonly next: 'late' };

/** What Respond is asked. */
export interface RespondInput {
  readonly message: string;
  readonly change: string;
  readonly notes: string;
}

interface Change {
  readonly section: string;
  readonly text: string;
  readonly summary: string;
}

// The newest notes are what an answer most likely needs; the rest stays in the Blueprint.
const NOTES_SHOWN = 20;
const NOTES_CHARS = 4_000;

/** Stores a user's message and an empty answer, and begins its first predict on what may serve it now. */
export const begin = internalMutation({
  args: {
    userId: v.string(),
    name: v.string(),
    text: v.string(),
    signatureId: v.string(),
    inputHash: v.string(),
    receiptId: v.string(),
    requestId: v.string(),
    opsRunId: v.union(v.string(), v.null()),
    threadId: v.union(v.string(), v.null()),
    newThreadId: v.string(),
    userMessageId: v.string(),
    messageId: v.string(),
  },
  handler: async (ctx, args): Promise<Begun> => {
    const { userId, name, text, requestId, userMessageId, messageId, signatureId, inputHash } = args;
    const { receiptId, opsRunId } = args;
    const user = await ctx.db
      .query('users')
      .withIndex('by_user', q => q.eq('userId', userId))
      .first();
    const at = Date.now();
    if (!user) await ctx.db.insert('users', { userId, name, createdAt: at });
    const thread = await threadOf(ctx, userId);
    if (args.threadId !== null && args.threadId !== thread?.threadId)
      throw failure('not_found', `You have no thread ${args.threadId}.`);
    const threadId = thread?.threadId ?? args.newThreadId;
    if (!thread) await ctx.db.insert('threads', { threadId, userId, createdAt: at });
    await ctx.db.insert('messages', {
      messageId: userMessageId,
      threadId,
      role: 'user',
      status: 'complete',
      requestId,
      at,
    });
    await addPart(ctx, userMessageId, 0, 'text', text);
    await ctx.db.insert('messages', {
      messageId,
      threadId,
      role: 'assistant',
      status: 'streaming',
      requestId,
      at: at + 1,
    });
    const predict = await beginPredict(ctx, {
      receiptId,
      signatureId,
      purpose: 'chat',
      messageId,
      threadId,
      unit: userId,
      requestId,
      opsRunId,
      inputHash,
    });
    return { threadId, messageId, predict };
  },
});

function notesOf(blueprint: Doc<'blueprints'> | null): string {
  const notes = Object.entries(blueprint?.sections ?? {}).flatMap(([section, entries]) =>
    entries.map(entry => ({ at: entry.at, line: `${section}: ${entry.text}` })),
  );
  const newest = notes.sort((a, b) => b.at - a.at).slice(0, NOTES_SHOWN);
  return newest.length === 0
    ? 'none'
    : newest
        .map(note => note.line)
        .join('\n')
        .slice(0, NOTES_CHARS);
}

const sectionOf: Readonly<Record<BlueprintTool, string | null>> = {
  identity_update: 'identity',
  user_update: 'user',
  character_update: 'character',
  tools_update_notes: 'tools',
  heartbeat_set_checklist: 'heartbeat',
  memory_append: 'memory',
  blueprint_export: null,
  none: null,
};

/**
 * Keeps the choice of the tool with its receipt, makes the change it calls for, and begins the predict of the answer, in one
 * transaction. Where the user asked to stop, nothing is changed and the message ends.
 */
export const chosen = internalMutation({
  args: {
    openId: v.id('dseOpenPredicts'),
    text: v.string(),
    tool: v.union(v.string(), v.null()),
    cardJson: v.string(),
    receiptJson: v.string(),
    unstoredJson: v.union(v.string(), v.null()),
    answerReceiptId: v.string(),
  },
  handler: async (
    ctx,
    { openId, text, tool, cardJson, receiptJson, unstoredJson, ...args },
  ): Promise<Chosen> => {
    const open = await closePredict(ctx, openId);
    if (!open) return { next: 'late' };
    await recordReceipt(ctx, receiptJson, unstoredJson);
    const { receiptId, messageId, threadId, unit, requestId, opsRunId, stopAsked } = open;
    await addPart(ctx, messageId, 0, 'dse.signature', JSON.parse(cardJson));
    if (stopAsked) {
      await addPart(ctx, messageId, 3, 'error', STOPPED);
      await endMessage(ctx, messageId, 'failed');
      return { next: 'stopped' };
    }
    const blueprint = await blueprintOf(ctx, unit);
    const notes = notesOf(blueprint);
    const change =
      tool === null ? null : await applyTool(ctx, unit, blueprint, tool as BlueprintTool, text, receiptId);
    if (change) await addPart(ctx, messageId, 1, 'change', { section: change.section, text: change.text });
    const input = { message: text, change: change?.summary ?? 'nothing', notes };
    const predict = await beginPredict(ctx, {
      receiptId: args.answerReceiptId,
      signatureId: respondId,
      purpose: 'chat',
      messageId,
      threadId,
      unit,
      requestId,
      opsRunId,
      inputHash: contentHash(input),
    });
    return { next: 'answer', change, input, predict };
  },
});

async function applyTool(
  ctx: MutationCtx,
  userId: string,
  blueprint: Doc<'blueprints'> | null,
  tool: BlueprintTool,
  text: string,
  receiptId: string,
): Promise<Change | null> {
  if (tool === 'blueprint_export') {
    const exported = JSON.stringify(
      { version: blueprint?.version ?? 0, sections: blueprint?.sections ?? {} },
      null,
      2,
    );
    return { section: 'export', text: exported, summary: 'exported the Blueprint' };
  }
  const section = sectionOf[tool];
  if (section === null) return null;
  const entry = { text, at: Date.now(), receiptId };
  const sections = { ...blueprint?.sections, [section]: [...(blueprint?.sections[section] ?? []), entry] };
  if (blueprint) await ctx.db.patch(blueprint._id, { version: blueprint.version + 1, sections });
  else await ctx.db.insert('blueprints', { userId, version: 1, sections });
  return { section, text, summary: `added to ${section}` };
}

async function blueprintOf(ctx: QueryCtx, userId: string): Promise<Doc<'blueprints'> | null> {
  return await ctx.db
    .query('blueprints')
    .withIndex('by_user', q => q.eq('userId', userId))
    .first();
}

/**
 * Completes a message with its answer, or with the error that took its place and what was shown until then, and keeps the receipt;
 * the card too where the answer is the message's only predict. False when the message has ended without that answer.
 */
export const answered = internalMutation({
  args: {
    openId: v.id('dseOpenPredicts'),
    text: v.string(),
    error: v.union(v.string(), v.null()),
    cardJson: v.union(v.string(), v.null()),
    receiptJson: v.string(),
    unstoredJson: v.union(v.string(), v.null()),
  },
  handler: async (ctx, { openId, text, error, cardJson, receiptJson, unstoredJson }): Promise<boolean> => {
    const open = await closePredict(ctx, openId);
    if (!open) return false;
    const { messageId } = open;
    await recordReceipt(ctx, receiptJson, unstoredJson);
    if (cardJson !== null) await addPart(ctx, messageId, 0, 'dse.signature', JSON.parse(cardJson));
    if (text !== '') await addPart(ctx, messageId, 2, 'text', text);
    if (error !== null) await addPart(ctx, messageId, 3, 'error', error);
    await endMessage(ctx, messageId, error === null ? 'complete' : 'failed');
    return true;
  },
});

/**
 * Marks a message as failed when the server could not go on. A refusal comes before the predict, which then needs no receipt; after any
 * other error the watchdog writes one, as nobody knows how far the predict went.
 */
export const failed = internalMutation({
  args: { messageId: v.string(), error: v.string(), refused: v.boolean() },
  handler: async (ctx, { messageId, error, refused }): Promise<void> => {
    const open = await openPredictOf(ctx, messageId);
    if (open && refused) await closePredict(ctx, open._id);
    if (await endMessage(ctx, messageId, 'failed')) await addPart(ctx, messageId, 3, 'error', error);
  },
});

/** Ends a message. False when it has ended before: its first end stays. */
export async function endMessage(
  ctx: MutationCtx,
  messageId: string,
  status: 'complete' | 'failed',
): Promise<boolean> {
  const message = await ctx.db
    .query('messages')
    .withIndex('by_message', q => q.eq('messageId', messageId))
    .first();
  if (message?.status !== 'streaming') return false;
  await ctx.db.patch(message._id, { status });
  return true;
}

/** Adds a part of a message. */
export async function addPart(
  ctx: MutationCtx,
  messageId: string,
  seq: number,
  kind: Doc<'messageParts'>['kind'],
  body: unknown,
) {
  await ctx.db.insert('messageParts', { messageId, seq, kind, bodyJson: JSON.stringify(body) });
}

/** The one thread of a user, or null. */
export async function threadOf(ctx: QueryCtx, userId: string): Promise<Doc<'threads'> | null> {
  return await ctx.db
    .query('threads')
    .withIndex('by_user', q => q.eq('userId', userId))
    .first();
}

const MESSAGES_SHOWN = 100;

/** The newest messages of a user's thread, oldest first. */
export const thread = internalQuery({
  args: { userId: v.string() },
  handler: async (ctx, { userId }): Promise<{ threadId: string | null; messages: ThreadMessage[] }> => {
    const found = await threadOf(ctx, userId);
    if (!found) return { threadId: null, messages: [] };
    const newest = await ctx.db
      .query('messages')
      .withIndex('by_thread', q => q.eq('threadId', found.threadId))
      .order('desc')
      .take(MESSAGES_SHOWN);
    return {
      threadId: found.threadId,
      messages: await Promise.all(newest.reverse().map(row => messageView(ctx, row))),
    };
  },
});

/** The text of a message, and whether it is a recap of others. */
export async function textOfMessage(
  ctx: QueryCtx,
  messageId: string,
): Promise<{ text: string; isRecap: boolean }> {
  const parts = await ctx.db
    .query('messageParts')
    .withIndex('by_message', q => q.eq('messageId', messageId))
    .collect();
  const bodies = (kind: Doc<'messageParts'>['kind']) =>
    parts.filter(part => part.kind === kind).map(part => JSON.parse(part.bodyJson) as unknown);
  const cards = bodies('dse.signature') as SignatureCard[];
  return {
    text: bodies('text').join(''),
    isRecap: cards.some(card => card.signatureId === recapThreadId),
  };
}

async function messageView(ctx: QueryCtx, message: Doc<'messages'>): Promise<ThreadMessage> {
  const parts = await ctx.db
    .query('messageParts')
    .withIndex('by_message', q => q.eq('messageId', message.messageId))
    .collect();
  const bodies = (kind: Doc<'messageParts'>['kind']) =>
    parts.filter(part => part.kind === kind).map(part => JSON.parse(part.bodyJson) as unknown);
  return {
    messageId: message.messageId,
    role: message.role,
    status: message.status,
    text: bodies('text').join(''),
    cards: bodies('dse.signature') as SignatureCard[],
    change: (bodies('change')[0] as ThreadMessage['change'] | undefined) ?? null,
    error: bodies('error').map(String)[0] ?? null,
    at: message.at,
  };
}
