import { v } from 'convex/values';
import { recapThreadId, respondId, selectToolId } from '../loop/catalog/ids.ts';
import type { BlueprintTool } from '../loop/catalog/selectTool.ts';
import type { SignatureCard, ThreadMessage } from '../loop/contract/autopilot.ts';
import type { Receipt } from '../loop/contract/receipt.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, internalQuery, type MutationCtx, type QueryCtx } from './_generated/server.js';
import { pointerOf } from './activePointer.ts';
import { openCanary } from './canaryRows.ts';
import { failure } from './failure.ts';
import { recordReceipt } from './receipts.ts';

// Called several times for every message: this module imports nothing that is slow to load.

/** An artifact as it is stored. */
export interface StoredArtifact {
  readonly compiledId: string;
  readonly artifactJson: string;
}

/** What may serve a user: the open canary's two artifacts, or the active one; `active` null means the defaults. */
export interface Offer {
  readonly active: StoredArtifact | null;
  readonly canary: {
    readonly canaryId: string;
    readonly salt: string;
    readonly percent: number;
    readonly control: StoredArtifact;
    readonly treatment: StoredArtifact;
  } | null;
}

/** What the chat knows once a message is stored. */
export interface Begun {
  readonly threadId: string;
  readonly messageId: string;
  readonly hint: string;
  readonly notes: string;
  readonly selectTool: Offer;
  readonly respond: Offer;
  /** Of the signature the user chose to talk to; null for the usual two. */
  readonly chosen: Offer | null;
}

// The newest notes are what an answer most likely needs; the rest stays in the Blueprint.
const NOTES_SHOWN = 20;
const NOTES_CHARS = 4_000;

/** Stores a user's message and an empty answer, and fixes which artifacts will serve it. */
export const begin = internalMutation({
  args: {
    userId: v.string(),
    name: v.string(),
    text: v.string(),
    signatureId: v.union(v.string(), v.null()),
    requestId: v.string(),
    threadId: v.union(v.string(), v.null()),
    newThreadId: v.string(),
    userMessageId: v.string(),
    messageId: v.string(),
  },
  handler: async (ctx, args): Promise<Begun> => {
    const { userId, name, text, requestId, userMessageId, messageId } = args;
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
    const blueprint = await blueprintOf(ctx, userId);
    return {
      threadId,
      messageId,
      hint: `Agent: Autopilot. User: ${name === '' ? 'not named yet' : name}.`,
      notes: notesOf(blueprint),
      selectTool: await offer(ctx, selectToolId),
      respond: await offer(ctx, respondId),
      chosen: args.signatureId === null ? null : await offer(ctx, args.signatureId),
    };
  },
});

/** What may serve a signature's users now. */
export async function offer(ctx: QueryCtx, signatureId: string): Promise<Offer> {
  const open = await openCanary(ctx, signatureId);
  const pointer = open ? null : await pointerOf(ctx, signatureId);
  return {
    active: pointer && (await storedArtifact(ctx, pointer.compiledId)),
    canary: open && {
      canaryId: open.canaryId,
      salt: open.salt,
      percent: open.percent,
      control: await storedArtifact(ctx, open.controlCompiledId),
      treatment: await storedArtifact(ctx, open.canaryCompiledId),
    },
  };
}

async function storedArtifact(ctx: QueryCtx, compiledId: string): Promise<StoredArtifact> {
  const stored = await ctx.db
    .query('dseArtifacts')
    .withIndex('by_compiled', q => q.eq('compiledId', compiledId))
    .first();
  if (!stored) throw failure('unknown_artifact', `No artifact ${compiledId} is stored.`);
  return { compiledId, artifactJson: stored.artifactJson };
}

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

/** Keeps the choice of the tool with its receipt, and makes the change it calls for, in one transaction. */
export const chosen = internalMutation({
  args: {
    messageId: v.string(),
    userId: v.string(),
    text: v.string(),
    tool: v.union(v.string(), v.null()),
    cardJson: v.string(),
    receiptJson: v.string(),
    unstoredJson: v.union(v.string(), v.null()),
  },
  handler: async (ctx, { messageId, userId, text, tool, cardJson, receiptJson, unstoredJson }) => {
    await recordReceipt(ctx, receiptJson, unstoredJson);
    const { receiptId } = JSON.parse(receiptJson) as Receipt;
    await addPart(ctx, messageId, 0, 'dse.signature', JSON.parse(cardJson));
    const change =
      tool === null ? null : await applyTool(ctx, userId, tool as BlueprintTool, text, receiptId);
    if (change) await addPart(ctx, messageId, 1, 'change', { section: change.section, text: change.text });
    return change;
  },
});

async function applyTool(
  ctx: MutationCtx,
  userId: string,
  tool: BlueprintTool,
  text: string,
  receiptId: string,
) {
  const blueprint = await blueprintOf(ctx, userId);
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

/** Completes a message with its answer, or with the error that took its place. */
export const answered = internalMutation({
  args: {
    messageId: v.string(),
    text: v.string(),
    error: v.union(v.string(), v.null()),
    receiptJson: v.string(),
    unstoredJson: v.union(v.string(), v.null()),
  },
  handler: async (ctx, { messageId, text, error, receiptJson, unstoredJson }) => {
    await recordReceipt(ctx, receiptJson, unstoredJson);
    if (error === null) await addPart(ctx, messageId, 2, 'text', text);
    else await addPart(ctx, messageId, 2, 'error', error);
    await setStatus(ctx, messageId, error === null ? 'complete' : 'failed');
  },
});

/** Completes a message with the answer of the signature that its user chose, or with its error, and keeps card and receipt. */
export const answeredByChosen = internalMutation({
  args: {
    messageId: v.string(),
    text: v.string(),
    error: v.union(v.string(), v.null()),
    cardJson: v.string(),
    receiptJson: v.string(),
    unstoredJson: v.union(v.string(), v.null()),
  },
  handler: async (ctx, { messageId, text, error, cardJson, receiptJson, unstoredJson }) => {
    await recordReceipt(ctx, receiptJson, unstoredJson);
    await addPart(ctx, messageId, 0, 'dse.signature', JSON.parse(cardJson));
    await addPart(ctx, messageId, 2, error === null ? 'text' : 'error', error ?? text);
    await setStatus(ctx, messageId, error === null ? 'complete' : 'failed');
  },
});

/** Marks a message as failed when the server could not go on. */
export const failed = internalMutation({
  args: { messageId: v.string(), error: v.string() },
  handler: async (ctx, { messageId, error }) => {
    await addPart(ctx, messageId, 3, 'error', error);
    await setStatus(ctx, messageId, 'failed');
  },
});

/** Ends a message. */
export async function setStatus(
  ctx: MutationCtx,
  messageId: string,
  status: 'complete' | 'failed',
): Promise<void> {
  const message = await ctx.db
    .query('messages')
    .withIndex('by_message', q => q.eq('messageId', messageId))
    .first();
  if (message) await ctx.db.patch(message._id, { status });
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
