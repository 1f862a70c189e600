import type { SendEvent } from '../../../loop/contract/autopilot.ts';
import { MessageElement, scrollToEnd } from './chatLog.client.ts';
import { byId } from './dom.client.ts';
import { askForRecap, SendFailure, sendMessage } from './sendStream.client.ts';
import { signOut } from './signOut.client.ts';
import { followUnfinished } from './unfinished.client.ts';

const main = byId('main');
const form = byId<HTMLFormElement>('composer');
const input = byId<HTMLTextAreaElement>('message-input');
const recapForm = byId<HTMLFormElement>('recap');
const recapButton = recapForm.querySelector('button') as HTMLButtonElement;
const sendButton = form.querySelector('button') as HTMLButtonElement;

let sent = 0;

async function send(): Promise<void> {
  const text = input.value.trim();
  if (text === '' || input.disabled) return;
  sent += 1;
  MessageElement.append('user', `sent-${sent}`, text);
  input.value = '';
  const answer = await show(sendMessage(text, main.dataset.signatureId));
  if (answer.element.dataset.status === 'failed' && input.value === '') input.value = text;
  fitInput();
}

async function recap(): Promise<void> {
  if (input.disabled) return;
  const chosen = new FormData(recapForm);
  await show(askForRecap(String(chosen.get('strategy')), String(chosen.get('budget'))));
}

/** Shows an answer as it arrives, up to its end or its visible failure. */
async function show(events: AsyncGenerator<SendEvent>): Promise<MessageElement> {
  const answer = MessageElement.append('assistant', '');
  setSending(true);
  try {
    await receive(events, answer);
  } catch (cause) {
    if (cause instanceof SendFailure && cause.requestId) answer.identify({ requestId: cause.requestId });
    answer.fail(cause instanceof SendFailure ? cause.message : 'The page failed to show the answer.');
    if (!(cause instanceof SendFailure)) reportError(cause);
  } finally {
    setSending(false);
  }
  return answer;
}

async function receive(events: AsyncGenerator<SendEvent>, answer: MessageElement): Promise<void> {
  for await (const event of events) {
    if (event.type === 'start') {
      answer.identify(event);
      answer.offerStop();
    }
    if (event.type === 'card') answer.addCard(event.card);
    if (event.type === 'change') answer.addChange(event);
    if (event.type === 'progress') answer.progress(event.text);
    if (event.type === 'delta') answer.addText(event.text);
    if (event.type === 'done') answer.complete();
    if (event.type === 'error') answer.fail(event.message);
  }
}

function setSending(sending: boolean): void {
  input.disabled = sending;
  sendButton.disabled = sending;
  recapButton.disabled = sending;
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
recapForm.addEventListener('submit', event => {
  event.preventDefault();
  void recap();
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
