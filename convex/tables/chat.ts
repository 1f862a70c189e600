import { defineTable } from 'convex/server';
import { v } from 'convex/values';
import { vJsonText } from './columns.ts';

/** People, their threads and their Blueprints. */
export const chatTables = {
  // People and test users. Written at sign-in and on the first message.
  users: defineTable({ userId: v.string(), name: v.string(), createdAt: v.number() }).index('by_user', [
    'userId',
  ]),

  threads: defineTable({ threadId: v.string(), userId: v.string(), createdAt: v.number() })
    .index('by_thread', ['threadId'])
    .index('by_user', ['userId']),

  messages: defineTable({
    messageId: v.string(),
    threadId: v.string(),
    role: v.union(v.literal('user'), v.literal('assistant')),
    status: v.union(v.literal('streaming'), v.literal('complete'), v.literal('failed')),
    requestId: v.string(),
    at: v.number(),
  })
    .index('by_message', ['messageId'])
    .index('by_thread', ['threadId', 'at']),

  // Text, signature cards, Blueprint changes and errors of a message, in order.
  messageParts: defineTable({
    messageId: v.string(),
    seq: v.number(),
    kind: v.union(v.literal('text'), v.literal('dse.signature'), v.literal('change'), v.literal('error')),
    bodyJson: vJsonText,
  }).index('by_message', ['messageId', 'seq']),

  // One Blueprint per user: named sections of notes. Written by the chat's tools.
  blueprints: defineTable({
    userId: v.string(),
    version: v.number(),
    sections: v.record(
      v.string(),
      v.array(v.object({ text: v.string(), at: v.number(), receiptId: v.string() })),
    ),
  }).index('by_user', ['userId']),
};
