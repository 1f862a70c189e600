import { byId } from './dom.client.ts';
import { showLocalTimes } from './localTimes.client.ts';
import type { Watch } from './watch.client.ts';

/** Asking, where the deployment does not tell by itself, costs the server a stored answer, so it may be asked often. */
const LOOK_EVERY_MS = 1_000;
/** More news a second than a reader can take is drawn together. */
const DRAW_AT_MOST_EVERY_MS = 500;
/** Durations and the time left go on where nothing happens. */
const DRAW_EVERY_MS = 15_000;
/** Longer than any answer takes. */
const PATIENCE_MS = 5_000;

/** Brings `<main>` up to date; keeps what was opened or closed, and the focus. Answers false when the session has ended. */
async function refresh(announcer: HTMLElement): Promise<boolean> {
  const response = await fetch(location.href, {
    headers: { accept: 'text/html' },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (response.status === 401) return false;
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
  return true;
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

/** Asks for the pulse of this page: another text once something has changed, and null when the session has ended. */
async function pulse(): Promise<string | null> {
  const response = await fetch(`${location.pathname}/pulse`, { signal: AbortSignal.timeout(PATIENCE_MS) });
  if (response.status === 401) return null;
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return await response.text();
}

function clock(at: number): string {
  return new Date(at).toLocaleTimeString('sv-SE');
}

function sleep(ms: number): Promise<void> {
  return new Promise(resolve => setTimeout(resolve, ms));
}

/** The subscription of this page. Its script is loaded by live pages only; where it leads nowhere there is never a pulse. */
function subscribe(script: string) {
  let ring = () => {};
  let watch: Watch | undefined;
  import(script)
    .then((watching: typeof import('./watch.client.ts')) => watching.watch(() => ring()))
    .then(
      begun => {
        watch = begun;
      },
      () => undefined,
    );
  return {
    pulse: () => watch?.pulse ?? null,
    news: () =>
      new Promise<void>(resolve => {
        ring = resolve;
      }),
    close: () => watch?.close(),
  };
}

/** Follows what is under way; does nothing on a page of what is over. */
export async function follow(): Promise<void> {
  const { watch: script } = byId('main').dataset;
  if (!script) return;
  // Told to screen readers when the headline changes or the connection is lost, and only then.
  const announcer = document.createElement('div');
  announcer.setAttribute('role', 'status');
  announcer.className = 'visually-hidden';
  document.body.append(announcer);
  const subscription = subscribe(script);
  let shown = '';
  let shownAt = Date.now();
  let updatedAt = Date.now();
  while (byId('main').dataset.live === 'true') {
    await Promise.race([subscription.news(), sleep(LOOK_EVERY_MS)]);
    await sleep(shownAt + DRAW_AT_MOST_EVERY_MS - Date.now());
    if (document.hidden || isSelecting()) continue;
    try {
      const now = subscription.pulse() ?? (await pulse());
      const isNew = now !== shown || Date.now() - shownAt > DRAW_EVERY_MS;
      if (now === null || (isNew && !(await refresh(announcer)))) {
        warn(announcer, `Signed out, last updated ${clock(updatedAt)}. Load the page again to sign in.`);
        break;
      }
      if (isNew) {
        shown = now;
        shownAt = Date.now();
      }
      updatedAt = Date.now();
      say(`Live. Updated at ${clock(updatedAt)}.`, false);
    } catch {
      warn(announcer, `Connection lost, last updated ${clock(updatedAt)}, trying again.`);
    }
  }
  subscription.close();
}
