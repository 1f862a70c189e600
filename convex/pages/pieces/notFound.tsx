/** @jsxImportSource hono/jsx */
import type { Context } from 'hono';
import { pageOf } from '../wording/links.ts';
import { page } from './page.tsx';

/** The answer for an id that nothing is stored under: says what was looked for and where to look instead. */
export function notFound(c: Context, what: string, id: string) {
  if (c.req.query('format') === 'json')
    return c.json({ ok: false, error: { code: 'not_found', message: `There is no ${what} ${id}.` } }, 404);
  return c.html(
    page({
      title: 'Not found',
      heading: `There is no ${what} with this id`,
      json: null,
      children: (
        <>
          <pre>{id}</pre>
          <p>
            The id may be cut off, or belong to another deployment: each has its own data.{' '}
            <a href={pageOf.nights}>All nights of this deployment</a> lead to everything that is stored here.
          </p>
        </>
      ),
    }),
    404,
  );
}
