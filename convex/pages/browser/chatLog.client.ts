import type { SignatureCard, ThreadMessage } from '../../../loop/contract/autopilot.ts';
import { cardText, changeText } from '../chat/cardText.ts';
import { pageOf } from '../wording/links.ts';
import { byId, fromTemplate, part } from './dom.client.ts';
import { askToStop } from './stop.client.ts';

/** How close to the end, in pixels, a reader must be for the log to follow new text. */
const FOLLOW_WITHIN = 80;

/** Shows the newest line. */
export function scrollToEnd(): void {
  const log = byId('log');
  log.scrollTop = log.scrollHeight;
}

/** Changes the log, and keeps the newest line in view for those who were reading it. */
function changing(change: () => void): void {
  const log = byId('log');
  const follows = log.scrollHeight - log.scrollTop - log.clientHeight < FOLLOW_WITHIN;
  change();
  if (follows) scrollToEnd();
}

/** One message on the page, whether the server rendered it or this script did. */
export class MessageElement {
  constructor(readonly element: HTMLElement) {}

  /** Appends an empty message. A user's own message is always scrolled to. */
  static append(role: ThreadMessage['role'], messageId: string, text = ''): MessageElement {
    const message = new MessageElement(fromTemplate(`${role}-template`));
    message.element.dataset.messageId = messageId;
    message.addText(text);
    byId('log').append(message.element);
    scrollToEnd();
    return message;
  }

  get isStreaming(): boolean {
    return this.element.dataset.status === 'streaming';
  }

  identify({ messageId, requestId }: { messageId?: string; requestId?: string }): void {
    if (messageId) this.element.dataset.messageId = messageId;
    if (requestId) this.element.dataset.requestId = requestId;
  }

  addText(text: string): void {
    changing(() => part(this.element, 'message-text')?.append(text));
  }

  addCard(card: SignatureCard): void {
    const element = fromTemplate('card-template');
    const { signatureId, receiptId, requestId, compiledId, arm, strategy } = card;
    Object.assign(element.dataset, {
      signatureId,
      receiptId,
      requestId,
      compiledId,
      arm,
      tool: card.tool ?? '',
      strategy,
      budget: card.budget ?? '',
      traceId: card.traceId ?? '',
    });
    const texts: Record<string, string> = { ...card, ...cardText(card) } as never;
    for (const field of element.querySelectorAll<HTMLElement>('[data-field]'))
      field.textContent = texts[field.dataset.field ?? ''] ?? '';
    element.querySelector('[data-href="receipt"]')?.setAttribute('href', pageOf.receipt(receiptId));
    if (card.traceId) {
      element.querySelector('[data-href="trace"]')?.setAttribute('href', pageOf.trace(receiptId));
      element.querySelector('[data-field-row="trace"]')?.removeAttribute('hidden');
    }
    if (!this.element.dataset.requestId) this.identify({ requestId });
    this.#insertBeforeText(element);
  }

  addChange(change: { section: string; text: string }): void {
    const element = fromTemplate('change-template');
    element.dataset.section = change.section;
    element.textContent = changeText(change);
    this.#insertBeforeText(element);
  }

  /** Says how far the work on this message is. */
  progress(text: string): void {
    const element = part(this.element, 'message-progress');
    if (!element) return;
    changing(() => {
      element.hidden = false;
      element.textContent = text;
    });
  }

  /** Puts a button below the message that stops it. It goes when the message ends. */
  offerStop(): void {
    const button = fromTemplate('stop-template') as HTMLButtonElement;
    button.addEventListener('click', async () => {
      button.disabled = true;
      button.textContent = 'Stopping…';
      const failed = await askToStop(this.element.dataset.messageId ?? '');
      if (failed === null) return;
      this.progress(failed);
      button.disabled = false;
      button.textContent = 'Stop';
    });
    changing(() => this.element.append(button));
  }

  complete(): void {
    this.#end('complete');
  }

  fail(reason: string): void {
    this.#end('failed');
    const error = fromTemplate('error-template');
    error.textContent = reason;
    changing(() => this.element.append(error));
  }

  /** Brings a message that was still being written when the page loaded up to date. */
  replaceWith(message: ThreadMessage): void {
    for (const testId of ['signature-card', 'blueprint-change'])
      for (const old of this.element.querySelectorAll(`[data-testid="${testId}"]`)) old.remove();
    part(this.element, 'message-text')?.replaceChildren();
    for (const card of message.cards) this.addCard(card);
    if (message.change) this.addChange(message.change);
    this.addText(message.text);
    if (message.status === 'complete') this.complete();
    if (message.status === 'failed') this.fail(message.error ?? 'This answer failed.');
  }

  #insertBeforeText(element: HTMLElement): void {
    changing(() => part(this.element, 'message-text')?.before(element));
  }

  #end(status: 'complete' | 'failed'): void {
    this.element.dataset.status = status;
    part(this.element, 'message-progress')?.remove();
    part(this.element, 'stop-button')?.remove();
    this.element.removeAttribute('aria-busy');
  }
}

/** Messages on the page that are not finished yet. */
export function streamingMessages(): MessageElement[] {
  const found = document.querySelectorAll<HTMLElement>('[data-testid="message"][data-status="streaming"]');
  return [...found].map(element => new MessageElement(element));
}
