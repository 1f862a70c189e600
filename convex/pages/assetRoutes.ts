import type { App } from '../routes/access.ts';
import { autopilotScript, autopilotScriptHash } from './browser/autopilotScript.ts';
import { pageScript, pageScriptHash } from './browser/pageScript.ts';
import { pageStyle, pageStyleHash } from './browser/pageStyle.ts';

/** Addresses of the scripts, with the hash that lets a browser keep them for ever. */
export const scriptAddress = {
  autopilot: `/autopilot/app.js?v=${autopilotScriptHash}`,
  page: `/dse/page.js?v=${pageScriptHash}`,
};

const JAVASCRIPT = 'text/javascript; charset=utf-8';

/** Scripts and the stylesheet. They hold no data, so anyone may read them. */
export function registerAssets(app: App): void {
  serve(app, '/autopilot/app.js', JAVASCRIPT, autopilotScript, autopilotScriptHash);
  serve(app, '/dse/page.js', JAVASCRIPT, pageScript, pageScriptHash);
  serve(app, '/dse/style.css', 'text/css; charset=utf-8', pageStyle, pageStyleHash);
}

function serve(app: App, path: string, contentType: string, body: string, hash: string): void {
  const etag = `"${hash}"`;
  app.get(path, c => {
    const cacheControl =
      c.req.query('v') === hash ? 'public, max-age=31536000, immutable' : 'public, no-cache';
    const headers = { etag, 'cache-control': cacheControl };
    if (c.req.header('if-none-match') === etag) return c.body(null, 304, headers);
    return c.body(body, 200, { ...headers, 'content-type': contentType });
  });
}
