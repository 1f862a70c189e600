import { internal } from '../_generated/api.js';
import { liveKinds } from '../pulse.ts';
import type { App } from '../routes/access.ts';
import { issueToken } from '../routes/tokens.ts';
import { notFound } from './pieces/notFound.tsx';

/**
 * By these a page sees that there is something new. `GET <page>/pulse` answers a text that changes with what the page shows, and
 * `GET <page>/ticket` what a browser needs to be told of the same by the deployment itself: its address, and a token that is good for this
 * page's pulse and nothing else.
 */
export function registerPulses(app: App): void {
  for (const kind of liveKinds) {
    app.get(`/dse/${kind}/:id/pulse`, async c => {
      const id = c.req.param('id');
      const pulse = await c.env.ctx.runQuery(internal.pulse.read, { kind, id });
      return pulse === null ? notFound(c, 'page', id) : c.text(pulse);
    });
    app.get(`/dse/${kind}/:id/ticket`, async c => {
      const { token } = await issueToken('watcher', `${kind}/${c.req.param('id')}`, '');
      return c.json({ url: process.env.CONVEX_CLOUD_URL ?? null, token });
    });
  }
}
