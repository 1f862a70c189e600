import type { Context } from 'hono';

/** Whether the page's data is asked for in place of the page. */
export function wantsJson(c: Context): boolean {
  return c.req.query('format') === 'json';
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
