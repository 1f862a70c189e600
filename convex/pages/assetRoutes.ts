import type { App, AppContext } from '../routes/access.ts';
import { autopilotScript, autopilotScriptHash } from './browser/autopilotScript.ts';
import { pageScript, pageScriptHash } from './browser/pageScript.ts';
import { pageStyle, pageStyleHash } from './browser/pageStyle.ts';
import { watchScriptGzip, watchScriptHash } from './browser/watchScript.ts';

/** Addresses of the scripts, with the hash that lets a browser keep them for ever. */
export const scriptAddress = {
  autopilot: `/autopilot/app.js?v=${autopilotScriptHash}`,
  page: `/dse/page.js?v=${pageScriptHash}`,
  watch: `/dse/watch.js?v=${watchScriptHash}`,
};

/** Scripts and the stylesheet. They hold no data, so anyone may read them. */
export function registerAssets(app: App): void {
  serve(app, '/autopilot/app.js', autopilotScriptHash, c => c.body(autopilotScript, 200, javascript));
  serve(app, '/dse/page.js', pageScriptHash, c => c.body(pageScript, 200, javascript));
  serve(app, '/dse/style.css', pageStyleHash, c => c.body(pageStyle, 200, css));
  // Mostly Convex's client, which is large: it is kept and sent as browsers take it.
  serve(app, '/dse/watch.js', watchScriptHash, c =>
    c.body(bytesOf(watchScriptGzip), 200, { ...javascript, 'content-encoding': 'gzip' }),
  );
}

const javascript = { 'content-type': 'text/javascript; charset=utf-8' };
const css = { 'content-type': 'text/css; charset=utf-8' };

function serve(app: App, path: string, hash: string, whole: (c: AppContext) => Response): void {
  const etag = `"${hash}"`;
  app.get(path, c => {
    c.header('etag', etag);
    c.header(
      'cache-control',
      c.req.query('v') === hash ? 'public, max-age=31536000, immutable' : 'public, no-cache',
    );
    return c.req.header('if-none-match') === etag ? c.body(null, 304) : whole(c);
  });
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), char => char.charCodeAt(0));
}
