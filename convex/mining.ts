import { v } from 'convex/values';
import * as z from 'zod';
import { selectToolId } from '../loop/catalog/ids.ts';
import { freshBlueprintHint } from '../loop/catalog/selectTool.ts';
import { contentHash } from '../loop/contentHash.ts';
import { deferred } from '../loop/contract/deferred.ts';
import type { Split } from '../loop/contract/example.ts';
import type { Json } from '../loop/contract/json.ts';
import { type Candidate, candidateSchema, provenanceSchema } from '../loop/contract/mining.ts';
import type { Receipt } from '../loop/contract/receipt.ts';
import type { KnownRow, Mined } from '../loop/dataset/mine.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, internalQuery, type QueryCtx } from './_generated/server.js';
import { failure } from './failure.ts';

/** A page of receipts of a signature, newest first, with the inputs that can be told, as JSON of `Mined[]`. */
export const receipts = internalQuery({
  args: { signatureId: v.string(), limit: v.number(), cursor: v.union(v.string(), v.null()) },
  handler: async (ctx, { signatureId, limit, cursor }) => {
    const page = await ctx.db
      .query('receipts')
      .withIndex('by_signature', q => q.eq('signatureId', signatureId))
      .order('desc')
      .paginate({ numItems: limit, cursor });
    const mined: Mined[] = [];
    for (const row of page.page) {
      const receipt = JSON.parse(row.receiptJson) as Receipt;
      mined.push({ receipt, input: await inputOf(ctx, receipt) });
    }
    return { minedJson: JSON.stringify(mined), cursor: page.isDone ? null : page.continueCursor };
  },
});

/**
 * What a receipt was about. It holds the hash of its input only: the message is looked up in its thread, and counts when the hash shows that
 * it is the one. The hint, which names the user, is replaced by the neutral one.
 */
async function inputOf(ctx: QueryCtx, receipt: Receipt): Promise<Json | null> {
  const { threadId, requestId, signatureId, startedAt, unit } = receipt;
  if (signatureId !== selectToolId || threadId === null) return null;
  const messages = await ctx.db
    .query('messages')
    .withIndex('by_thread', q => q.eq('threadId', threadId).lte('at', startedAt + CLOCKS_APART_MS))
    .order('desc')
    .take(NEAREST_MESSAGES);
  const asked = messages.find(message => message.requestId === requestId && message.role === 'user');
  if (!asked) return null;
  const part = await ctx.db
    .query('messageParts')
    .withIndex('by_message', q => q.eq('messageId', asked.messageId))
    .first();
  const message: unknown = part?.kind === 'text' ? JSON.parse(part.bodyJson) : null;
  if (typeof message !== 'string') return null;
  const user = await ctx.db
    .query('users')
    .withIndex('by_user', q => q.eq('userId', unit ?? ''))
    .first();
  const hints = [freshBlueprintHint, `Agent: Autopilot. User: ${user?.name ?? ''}.`];
  const isAsked = hints.some(
    blueprintHint => contentHash({ message, blueprintHint }) === receipt.hashes.input,
  );
  return isAsked ? { message, blueprintHint: freshBlueprintHint } : null;
}

// The question of a receipt is the last or the one before, unless a user sends several at once.
const NEAREST_MESSAGES = 20;
// Message and receipt get their times on different machines.
const CLOCKS_APART_MS = 60_000;

/** Rows that a candidate must not repeat: the current revision, and candidates in whatever state of review. */
export const known = internalQuery({
  args: { signatureId: v.string() },
  handler: async (ctx, { signatureId }): Promise<string> => {
    const rows: KnownRow[] = [];
    const add = ({ exampleId, inputJson }: Doc<'dseExamples'>) =>
      rows.push({ exampleId, inputJson: JSON.parse(inputJson) as Json });
    const current = ctx.db
      .query('dseExamples')
      .withIndex('by_current', q => q.eq('signatureId', signatureId).eq('current', true));
    for await (const row of current) add(row);
    for (const review of ['pending', 'rejected'] as const) {
      const candidates = ctx.db
        .query('dseExamples')
        .withIndex('by_review', q => q.eq('signatureId', signatureId).eq('review', review));
      for await (const row of candidates) add(row);
    }
    return JSON.stringify(rows);
  },
});

/** Keeps candidates for review. One that is there already stays as it is. */
export const keep = internalMutation({
  args: { signatureId: v.string(), candidatesJson: v.string() },
  handler: async (ctx, { signatureId, candidatesJson }) => {
    for (const candidate of z.array(candidateSchema).parse(JSON.parse(candidatesJson))) {
      const contentHash = reviewKey(candidate.exampleId);
      const there = await ctx.db
        .query('dseExamples')
        .withIndex('by_content', q => q.eq('signatureId', signatureId).eq('contentHash', contentHash))
        .first();
      if (there) continue;
      await ctx.db.insert('dseExamples', {
        signatureId,
        exampleId: candidate.exampleId,
        contentHash,
        current: false,
        review: 'pending',
        split: candidate.split,
        inputJson: JSON.stringify(candidate.inputJson),
        expectedJson: JSON.stringify(candidate.proposedJson),
        tags: candidate.tags,
        metaJson: JSON.stringify({ provenance: candidate.provenance, decision: null }),
      });
    }
  },
});

/** A page of candidates in a state of review, in the order of their ids. */
export const list = internalQuery({
  args: {
    signatureId: v.string(),
    review: v.union(v.literal('pending'), v.literal('confirmed'), v.literal('rejected')),
    limit: v.number(),
    cursor: v.union(v.string(), v.null()),
  },
  handler: async (ctx, { signatureId, review, limit, cursor }) => {
    const page = await ctx.db
      .query('dseExamples')
      .withIndex('by_review', q => q.eq('signatureId', signatureId).eq('review', review))
      .paginate({ numItems: limit, cursor });
    return {
      candidatesJson: JSON.stringify(page.page.map(candidateOf)),
      cursor: page.isDone ? null : page.continueCursor,
    };
  },
});

/** The candidates with these ids that still wait; refuses when one does not. */
export async function pendingRows(
  ctx: QueryCtx,
  signatureId: string,
  exampleIds: readonly string[],
): Promise<Doc<'dseExamples'>[]> {
  const rows: Doc<'dseExamples'>[] = [];
  for (const exampleId of exampleIds) {
    const row = await ctx.db
      .query('dseExamples')
      .withIndex('by_content', q => q.eq('signatureId', signatureId).eq('contentHash', reviewKey(exampleId)))
      .first();
    if (!row) throw failure('unknown_candidate', `Nothing was changed. There is no candidate ${exampleId}.`);
    if (row.review !== 'pending')
      throw failure('already_reviewed', `Nothing was changed. ${exampleId} was ${row.review} before.`);
    rows.push(row);
  }
  return rows;
}

/** In place of a content hash: no revision can name a row in review, since its entries are hashes. */
function reviewKey(exampleId: string): string {
  return `review:${exampleId}`;
}

const metaSchema = deferred(() =>
  z.object({
    provenance: provenanceSchema,
    decision: candidateSchema.shape.decision,
  }),
);

/** A row in review as the API shows it. */
export function candidateOf(row: Doc<'dseExamples'>): Candidate {
  const { provenance, decision } = metaSchema.parse(JSON.parse(row.metaJson));
  return {
    exampleId: row.exampleId,
    review: row.review ?? 'pending',
    inputJson: JSON.parse(row.inputJson) as Json,
    proposedJson: JSON.parse(row.expectedJson) as Json,
    split: row.split as Split,
    tags: row.tags,
    provenance,
    decision,
  };
}
