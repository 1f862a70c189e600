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
  let start = 0;
  for (let part = 0; start < text.length || part === 0; part++) {
    // A document holds whole characters only: half of a surrogate pair would not survive storage.
    const splits = /[\uD800-\uDBFF]/.test(text.charAt(start + PART_CHARS - 1));
    const end = start + PART_CHARS - (splits ? 1 : 0);
    await ctx.db.insert('dseBlobs', { blobId, part, text: text.slice(start, end) });
    start = end;
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
