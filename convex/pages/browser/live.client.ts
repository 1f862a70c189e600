import { utcClock } from '../wording/instant.ts';
import { byId } from './dom.client.ts';

const EVERY_MS = 4_000;

/** Brings `<main>` up to date while its `data-live` is true; keeps the reader's place and what was opened. */
async function refresh(): Promise<void> {
  const response = await fetch(location.href, { headers: { accept: 'text/html' } });
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  const page = new DOMParser().parseFromString(await response.text(), 'text/html');
  const fresh = page.getElementById('main');
  if (!fresh) throw new Error('the answer has no content');
  for (const opened of document.querySelectorAll<HTMLDetailsElement>('details[id][open]'))
    page.getElementById(opened.id)?.setAttribute('open', '');
  document.title = page.title;
  byId('main').replaceWith(fresh);
}

function say(text: string): void {
  const status = document.getElementById('live-status');
  if (status) status.textContent = text;
}

async function follow(): Promise<void> {
  while (byId('main').dataset.live === 'true') {
    await new Promise(resolve => setTimeout(resolve, EVERY_MS));
    if (document.hidden) continue;
    try {
      await refresh();
      if (byId('main').dataset.live === 'true') say(`Live. Updated at ${utcClock(Date.now())} UTC.`);
    } catch (cause) {
      say(
        `Not up to date: the server does not answer (${cause instanceof Error ? cause.message : cause}). Trying again.`,
      );
    }
  }
}

void follow();
