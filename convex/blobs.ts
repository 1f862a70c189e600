import type { MutationCtx, QueryCtx } from './_generated/server.js';

// A document holds at most 1 MiB; a UTF-16 unit takes at most three bytes.
const PART_CHARS = 250_000;

/** Stores a text of any length once under an id. Writing the same id again changes nothing. */
export async function putBlob(ctx: MutationCtx, blobId: string, text: string): Promise<void> {
  const known = await ctx.db
    .query('dseBlobs')
    .withIndex('by_blob', q => q.eq('blobId', blobId))
    .first();
  if (known) return;
  for (let part = 0; part * PART_CHARS < text.length || part === 0; part++) {
    await ctx.db.insert('dseBlobs', {
      blobId,
      part,
      text: text.slice(part * PART_CHARS, (part + 1) * PART_CHARS),
    });
  }
}

/** The text stored under an id, or null. */
export async function getBlob(ctx: QueryCtx, blobId: string): Promise<string | null> {
  const parts = await ctx.db
    .query('dseBlobs')
    .withIndex('by_blob', q => q.eq('blobId', blobId))
    .collect();
  return parts.length === 0 ? null : parts.map(part => part.text).join('');
}
