import type { Context } from 'hono';

/** Whether the page's data is asked for in place of the page. */
export function wantsJson(c: Context): boolean {
  return c.req.query('format') === 'json';
}

/** Address of the data of the very page that is asked for: the same part of the same list, or the same pair of revisions. */
export function asJson(c: Context): string {
  return `?${new URLSearchParams({ ...c.req.query(), format: 'json' })}`;
}

/** An id that holds `/` and `@`, whether the address has it encoded or as it is. */
export function idAfter(prefix: string, url: string): string {
  const raw = new URL(url).pathname.slice(prefix.length);
  try {
    return decodeURIComponent(raw);
  } catch {
    return raw;
  }
}
