import { v } from 'convex/values';
import { internalQuery } from './_generated/server.js';
import { getBlob } from './blobs.ts';

/** A stored attachment of a run by the event that told of it; null when there is none or only a reference. */
export const attachment = internalQuery({
  args: { runId: v.string(), eventId: v.string() },
  handler: async (ctx, { runId, eventId }) => {
    const event = await ctx.db
      .query('dseOpsRunEvents')
      .withIndex('by_event', q => q.eq('runId', runId).eq('eventId', eventId))
      .first();
    if (event?.kind !== 'attachment') return null;
    const facts = JSON.parse(event.dataJson) as { name: string; contentType: string; blobId?: string };
    const stored = facts.blobId === undefined ? null : await getBlob(ctx, facts.blobId);
    return stored === null ? null : { name: facts.name, contentType: facts.contentType, stored };
  },
});
