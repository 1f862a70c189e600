import { byId } from './dom.client.ts';
import { showLocalTimes } from './localTimes.client.ts';

/** Asking costs the server a stored answer, so it may be asked often. */
const LOOK_EVERY_MS = 1_000;
/** Durations and the time left go on where nothing happens. */
const DRAW_EVERY_MS = 15_000;
/** Longer than any answer takes. */
const PATIENCE_MS = 5_000;

/** Brings `<main>` up to date; keeps what was opened or closed, and the focus. */
async function refresh(announcer: HTMLElement): Promise<void> {
  const response = await fetch(location.href, {
    headers: { accept: 'text/html' },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = page.getElementById('main');
  if (!fresh) throw new Error('the answer has no content');
  for (const known of document.querySelectorAll<HTMLDetailsElement>('details[id]'))
    page.getElementById(known.id)?.toggleAttribute('open', known.open);
  const focused = focusKey();
  const headline = headlineOf(byId('main'));
  document.title = page.title;
  showLocalTimes(fresh);
  byId('main').replaceWith(fresh);
  if (headlineOf(fresh) !== headline) announcer.textContent = headlineOf(fresh);
  if (focused) document.querySelector<HTMLElement>(focused)?.focus({ preventScroll: true });
}

function headlineOf(main: HTMLElement): string {
  return main.querySelector('h1')?.textContent ?? '';
}

/** A selector that finds the focused link or summary again. */
function focusKey(): string | null {
  const { activeElement } = document;
  const href = activeElement?.getAttribute('href');
  if (href) return `main a[href="${CSS.escape(href)}"]`;
  const details = activeElement?.closest('details[id]');
  return details ? `#${CSS.escape(details.id)} > summary` : null;
}

function say(text: string, lost: boolean): void {
  const status = document.getElementById('live-status');
  if (!status) return;
  status.textContent = text;
  status.classList.toggle('lost', lost);
}

/** Says, also to screen readers, that the page is no longer up to date; what was said already is not announced again. */
function warn(announcer: HTMLElement, text: string): void {
  say(text, true);
  if (announcer.textContent !== text) announcer.textContent = text;
}

function isSelecting(): boolean {
  return getSelection()?.isCollapsed === false;
}

/** What the server says of the night; another text once something has changed, and null when the session has ended. */
async function pulse(): Promise<string | null> {
  const response = await fetch(`${location.pathname}/pulse`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (response.status === 401) return null;
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return await response.text();
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString('sv-SE');
}

/** Follows a running night; does nothing on a page of what is over. */
export async function follow(): Promise<void> {
  if (byId('main').dataset.live !== 'true') return;
  // Told to screen readers when the headline changes or the connection is lost, and only then.
  const announcer = document.createElement('div');
  announcer.setAttribute('role', 'status');
  announcer.className = 'visually-hidden';
  document.body.append(announcer);
  let shown = '';
  let shownAt = Date.now();
  let updatedAt = Date.now();
  while (byId('main').dataset.live === 'true') {
    await new Promise(resolve => setTimeout(resolve, LOOK_EVERY_MS));
    if (document.hidden || isSelecting()) continue;
    try {
      const now = await pulse();
      if (now === null) {
        warn(announcer, `Signed out, last updated ${clock(updatedAt)}. Load the page again to sign in.`);
        return;
      }
      if (now !== shown || Date.now() - shownAt > DRAW_EVERY_MS) {
        await refresh(announcer);
        shown = now;
        shownAt = Date.now();
      }
      updatedAt = Date.now();
      say(`Live. Updated at ${clock(updatedAt)}.`, false);
    } catch {
      warn(announcer, `Connection lost, last updated ${clock(updatedAt)}, trying again.`);
    }
  }
}
