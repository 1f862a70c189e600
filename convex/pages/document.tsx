/** @jsxImportSource hono/jsx */
import { html } from 'hono/html';
import type { Child } from 'hono/jsx';
import { pageStyleHash } from './browser/pageStyle.ts';
import { pageOf } from './wording/links.ts';

/** What every page has around its `<main>`. */
export interface DocumentProps {
  /** Without the product name. */
  readonly title: string;
  /** One sentence for previews of the link. */
  readonly description?: string;
  readonly here: 'nights' | 'autopilot' | 'none';
  /** Address of a module script, with its hash. */
  readonly script?: string;
  /** Seconds after which a browser without JavaScript loads the page again. */
  readonly refreshSeconds?: number;
  /** Right-hand side of the header. */
  readonly aside?: Child;
  /** Fills the window and scrolls inside, as a chat does. */
  readonly fullHeight?: boolean;
  readonly children?: Child;
}

/** The HTML document: head, header with navigation, and the page's own content. */
export function Document(props: DocumentProps) {
  return (
    <html lang="en" class={props.fullHeight ? 'full-height' : undefined}>
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{props.title} · Overnight</title>
        {props.description && <meta name="description" content={props.description} />}
        <meta name="color-scheme" content="light dark" />
        <link rel="icon" href={FAVICON} />
        <link rel="stylesheet" href={`/dse/style.css?v=${pageStyleHash}`} />
        {props.refreshSeconds && (
          <noscript>
            <meta http-equiv="refresh" content={String(props.refreshSeconds)} />
          </noscript>
        )}
        {props.script && <script type="module" src={props.script} />}
      </head>
      <body>
        <a class="skip" href="#main">
          Skip to content
        </a>
        <header class="site">
          <nav aria-label="Site">
            <a class="wordmark" href={pageOf.nights}>
              Overnight
            </a>
            <a href={pageOf.nights} aria-current={props.here === 'nights' ? 'page' : undefined}>
              Nights
            </a>
            <a href="/autopilot" aria-current={props.here === 'autopilot' ? 'page' : undefined}>
              Autopilot
            </a>
          </nav>
          {props.aside}
        </header>
        {props.children}
      </body>
    </html>
  );
}

/** A whole HTML answer, with its doctype. */
export function documentHtml(props: DocumentProps) {
  return html`<!doctype html>${<Document {...props} />}`;
}

/** A crescent moon; in the address, so that no request is made for it. */
const FAVICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath fill='%234a4fc4' d='M10 1a7 7 0 1 0 5 9.5A6 6 0 0 1 10 1z'/%3E%3C/svg%3E";
