import type { MiddlewareHandler } from 'hono';

/** Nothing but our own script, style and API, and the deployment's socket; no inline code, no frames, no foreign forms. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  ["connect-src 'self'", socketOrigin(process.env.CONVEX_CLOUD_URL)].join(' ').trimEnd(),
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Where pages of this deployment subscribe; empty when it does not say its address. */
function socketOrigin(cloudUrl = ''): string {
  return URL.canParse(cloudUrl) ? new URL(cloudUrl).origin.replace(/^http/, 'ws') : '';
}

/** Security headers of every page. A page is never cached, since what it shows is private and changes; assets set their own. */
export const pageHeaders: MiddlewareHandler = async (c, next) => {
  await next();
  c.header('content-security-policy', contentSecurityPolicy);
  c.header('x-content-type-options', 'nosniff');
  c.header('referrer-policy', 'same-origin');
  c.header('cross-origin-opener-policy', 'same-origin');
  if (!c.res.headers.has('cache-control')) c.header('cache-control', 'private, no-store');
};
