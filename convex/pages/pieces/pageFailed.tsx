/** @jsxImportSource hono/jsx */
import type { AppContext } from '../../routes/access.ts';
import { pageOf } from '../wording/links.ts';
import { page } from './page.tsx';

/** The answer when a page could not be made. The cause is logged under the request id and not shown. */
export function pageFailed(c: AppContext, error: unknown): Response | Promise<Response> {
  const requestId = c.get('requestId');
  console.error(JSON.stringify({ level: 'error', requestId, path: c.req.path, error: String(error) }));
  const message = `The server's log has the cause under request ${requestId}.`;
  if (c.req.query('format') === 'json')
    return c.json({ ok: false, error: { code: 'internal', message } }, 500);
  return c.html(
    page({
      title: 'Page failed',
      heading: 'This page could not be made',
      json: null,
      children: (
        <>
          <p>{message}</p>
          <p>
            Load it again, or go to <a href={pageOf.nights}>all nights</a>.
          </p>
        </>
      ),
    }),
    500,
  );
}
