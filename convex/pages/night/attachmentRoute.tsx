/** @jsxImportSource hono/jsx */
import { internal } from '../../_generated/api.js';
import type { App } from '../../routes/access.ts';
import { notFound } from '../pieces/notFound.tsx';

/** Shown as they are; a browser runs nothing in them. */
const PICTURES = ['image/png', 'image/jpeg', 'image/webp', 'image/gif'];

/** `GET /dse/ops/:runId/attachment/:eventId`: a stored attachment, as text, picture or download, never as a page that runs. */
export function registerAttachments(app: App): void {
  app.get('/dse/ops/:runId/attachment/:eventId', async c => {
    const { runId, eventId } = c.req.param();
    const found = await c.env.ctx.runQuery(internal.runAttachments.attachment, { runId, eventId });
    if (found === null) return notFound(c, 'attachment', eventId);
    const split = found.stored.indexOf(':');
    const text = found.stored.slice(split + 1);
    if (found.stored.slice(0, split) === 'utf8') return c.text(text);
    const type = found.contentType.toLowerCase();
    const bytes = Uint8Array.from(atob(text), character => character.charCodeAt(0));
    if (PICTURES.includes(type)) return c.body(bytes, 200, { 'content-type': type });
    return c.body(bytes, 200, {
      'content-type': 'application/octet-stream',
      'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(found.name)}`,
    });
  });
}
