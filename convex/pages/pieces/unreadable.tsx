/** @jsxImportSource hono/jsx */
import type { Context } from 'hono';
import type { Problems } from '../stored.ts';
import { page } from './page.tsx';

/** The answer for a record that is there but does not fit its contract, as after a change of the contract. */
export function unreadable(c: Context, problems: Problems) {
  const heading = 'This record cannot be read by the version of the pages that is deployed';
  if (c.req.query('format') === 'json')
    return c.json({ ok: false, error: { code: 'internal', message: heading, details: problems } }, 500);
  return c.html(page({ title: 'Unreadable record', heading, problems, json: null }), 500);
}
