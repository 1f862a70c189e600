import type { ThreadMessage } from '../../../loop/contract/autopilot.ts';
import { streamingMessages } from './chatLog.client.ts';

const EVERY_MS = 1_500;
/** 40 looks at 1.5 s: a minute, longer than any answer may take. */
const MOST_LOOKS = 40;

/** Follows answers that were still being written when the page loaded, until they end or a minute is over. */
export async function followUnfinished(): Promise<void> {
  const unfinished = streamingMessages();
  for (const shown of unfinished) shown.offerStop();
  for (let look = 0; look < MOST_LOOKS && unfinished.some(message => message.isStreaming); look++) {
    await new Promise(resolve => setTimeout(resolve, EVERY_MS));
    const messages = await readThread();
    for (const shown of unfinished) {
      const now = messages.find(message => message.messageId === shown.element.dataset.messageId);
      if (now && now.status !== 'streaming' && shown.isStreaming) shown.replaceWith(now);
    }
  }
  for (const shown of unfinished)
    if (shown.isStreaming) shown.fail('This answer did not come to its end. Send the message again.');
}

async function readThread(): Promise<ThreadMessage[]> {
  try {
    const response = await fetch('/api/autopilot/thread');
    return response.ok ? ((await response.json()) as { messages: ThreadMessage[] }).messages : [];
  } catch {
    return []; // the next look may succeed; if none does, the message says that it did not finish
  }
}
