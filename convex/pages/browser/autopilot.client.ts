import { MessageElement, scrollToEnd } from './chatLog.client.ts';
import { byId } from './dom.client.ts';
import { SendFailure, sendMessage } from './sendStream.client.ts';
import { signOut } from './signOut.client.ts';
import { followUnfinished } from './unfinished.client.ts';

const main = byId('main');
const form = byId<HTMLFormElement>('composer');
const input = byId<HTMLTextAreaElement>('message-input');
const sendButton = form.querySelector('button') as HTMLButtonElement;

let sent = 0;

async function send(): Promise<void> {
  const text = input.value.trim();
  if (text === '' || input.disabled) return;
  sent += 1;
  MessageElement.append('user', `sent-${sent}`, text);
  const answer = MessageElement.append('assistant', '');
  input.value = '';
  setSending(true);
  try {
    await receive(text, answer);
  } catch (cause) {
    if (cause instanceof SendFailure && cause.requestId) answer.identify({ requestId: cause.requestId });
    answer.fail(cause instanceof SendFailure ? cause.message : 'The page failed to show the answer.');
    if (!(cause instanceof SendFailure)) throw cause;
  } finally {
    if (answer.element.dataset.status === 'failed' && input.value === '') input.value = text;
    setSending(false);
  }
}

async function receive(text: string, answer: MessageElement): Promise<void> {
  for await (const event of sendMessage(text, main.dataset.signatureId)) {
    if (event.type === 'start') answer.identify(event);
    if (event.type === 'card') answer.addCard(event.card);
    if (event.type === 'change') answer.addChange(event);
    if (event.type === 'delta') answer.addText(event.text);
    if (event.type === 'done') answer.complete();
    if (event.type === 'error') answer.fail(event.message);
  }
}

function setSending(sending: boolean): void {
  input.disabled = sending;
  sendButton.disabled = sending;
  fitInput();
  if (!sending && document.activeElement === document.body) input.focus();
}

/** Where the browser cannot size a field by its content itself. */
function fitInput(): void {
  if (CSS.supports('field-sizing', 'content')) return;
  input.rows = Math.min(8, input.value.split('\n').length);
}

form.addEventListener('submit', event => {
  event.preventDefault();
  void send();
});
input.addEventListener('input', fitInput);
input.addEventListener('keydown', event => {
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  void send();
});
byId('sign-out').addEventListener('click', () => void signOut());

scrollToEnd();
void followUnfinished();
main.dataset.ready = 'true';
