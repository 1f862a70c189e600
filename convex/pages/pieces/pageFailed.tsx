/** @jsxImportSource hono/jsx */
import type { ContentfulStatusCode } from 'hono/utils/http-status';
import { apiErrorStatus } from '../../../loop/contract/apiError.ts';
import { failureOf } from '../../failure.ts';
import type { AppContext } from '../../routes/access.ts';
import { pageOf } from '../wording/links.ts';
import { page } from './page.tsx';

/** The answer when a page could not be made: what is known of the cause, else the request id under which it is logged. */
export function pageFailed(c: AppContext, error: unknown): Response | Promise<Response> {
  const requestId = c.get('requestId');
  const known = failureOf(error);
  if (!known)
    console.error(JSON.stringify({ level: 'error', requestId, path: c.req.path, error: String(error) }));
  const { code, message } = known ?? {
    code: 'internal' as const,
    message: `The server's log has the cause under request ${requestId}.`,
  };
  const status = apiErrorStatus[code] as ContentfulStatusCode;
  if (c.req.query('format') === 'json') return c.json({ ok: false, error: { code, message } }, status);
  return c.html(
    page({
      title: 'Page failed',
      heading: 'This page could not be made',
      json: null,
      children: (
        <>
          <p>{message}</p>
          <p>
            {known ? 'Check the address' : 'Load it again'}, or go to <a href={pageOf.nights}>all nights</a>.
          </p>
        </>
      ),
    }),
    status,
  );
}
