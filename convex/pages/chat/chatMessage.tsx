/** @jsxImportSource hono/jsx */
import type { ThreadMessage } from '../../../loop/contract/autopilot.ts';
import { changeText } from './cardText.ts';
import { SignatureCard } from './signatureCard.tsx';

/** One message of the thread, as the server knows it. */
export function ChatMessage({ message }: { message: ThreadMessage }) {
  return (
    <MessageFrame
      author={message.role}
      messageId={message.messageId}
      status={message.status}
      requestId={message.cards[0]?.requestId ?? ''}
    >
      {message.cards.map(card => (
        <SignatureCard card={card} />
      ))}
      {message.change && (
        <BlueprintChange section={message.change.section} text={changeText(message.change)} />
      )}
      <p data-testid="message-text">{message.text}</p>
      {message.error !== null && <MessageError text={message.error} />}
    </MessageFrame>
  );
}

/** Empty markup that the browser script clones for new messages. */
export function MessageTemplates() {
  return (
    <>
      <template id="user-template">
        <MessageFrame author="user" messageId="" status="complete" requestId="">
          <p data-testid="message-text" />
        </MessageFrame>
      </template>
      <template id="assistant-template">
        <MessageFrame author="assistant" messageId="" status="streaming" requestId="">
          <p data-testid="message-text" />
          <p class="faint" data-testid="message-progress" hidden />
        </MessageFrame>
      </template>
      <template id="card-template">
        <SignatureCard card={null} />
      </template>
      <template id="change-template">
        <BlueprintChange section="" text="" />
      </template>
      <template id="stop-template">
        <button type="button" class="quiet stop" data-testid="stop-button">
          Stop
        </button>
      </template>
      <template id="error-template">
        <MessageError text="" />
      </template>
    </>
  );
}

interface FrameProps {
  readonly author: ThreadMessage['role'];
  readonly messageId: string;
  readonly status: ThreadMessage['status'];
  readonly requestId: string;
  readonly children?: unknown;
}

function MessageFrame({ author, messageId, status, requestId, children }: FrameProps) {
  return (
    <article
      class={`message ${author}`}
      aria-label={author === 'user' ? 'You' : 'Autopilot'}
      aria-busy={status === 'streaming' ? 'true' : undefined}
      data-testid="message"
      data-role={author}
      data-message-id={messageId}
      data-status={status}
      data-request-id={author === 'assistant' ? requestId : undefined}
    >
      <p class="author" aria-hidden="true">
        {author === 'user' ? 'You' : 'Autopilot'}
      </p>
      {children}
    </article>
  );
}

function BlueprintChange({ section, text }: { section: string; text: string }) {
  return (
    <p class="change" data-testid="blueprint-change" data-section={section}>
      {text}
    </p>
  );
}

function MessageError({ text }: { text: string }) {
  return (
    <p class="error" data-testid="message-error">
      {text}
    </p>
  );
}
