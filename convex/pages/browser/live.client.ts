import { byId } from './dom.client.ts';
import { showLocalTimes } from './localTimes.client.ts';

const EVERY_MS = 4_000;

/** Brings `<main>` up to date; keeps what was opened or closed, and the focus. */
async function refresh(announcer: HTMLElement): Promise<void> {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } });
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

function say(text: string): void {
  const status = document.getElementById('live-status');
  if (status) status.textContent = text;
}

function isSelecting(): boolean {
  return getSelection()?.isCollapsed === false;
}

/** Follows a running night; does nothing on a page of what is over. */
export async function follow(): Promise<void> {
  if (byId('main').dataset.live !== 'true') return;
  // Told to screen readers when the headline changes, and only then.
  const announcer = document.createElement('div');
  announcer.setAttribute('role', 'status');
  announcer.className = 'visually-hidden';
  document.body.append(announcer);
  while (byId('main').dataset.live === 'true') {
    await new Promise(resolve => setTimeout(resolve, EVERY_MS));
    if (document.hidden || isSelecting()) continue;
    try {
      await refresh(announcer);
      say(`Live. Updated at ${new Date().toLocaleTimeString('sv-SE')}.`);
    } catch (cause) {
      say(
        `Not up to date: the server does not answer (${cause instanceof Error ? cause.message : cause}). Trying again.`,
      );
    }
  }
}
