/** @jsxImportSource hono/jsx */
import type { ThreadMessage } from '../../../loop/contract/autopilot.ts';
import { scriptAddress } from '../assetRoutes.ts';
import { documentHtml } from '../document.tsx';
import { ChatMessage, MessageTemplates } from './chatMessage.tsx';
import { RecapControls } from './recapControls.tsx';

/** What the chat shows at first: who is signed in, and the messages so far or why they could not be read. */
export interface AutopilotView {
  readonly user: { readonly userId: string; readonly name: string };
  readonly messages: readonly ThreadMessage[];
  readonly loadError: string | null;
  /** The signature to talk to instead of the usual two; null for these. */
  readonly signature: { readonly id: string; readonly title: string } | null;
}

/** The chat of a signed-in user. */
export function autopilotPage({ user, messages, loadError, signature }: AutopilotView) {
  return documentHtml({
    title: 'Autopilot',
    here: 'autopilot',
    script: scriptAddress.autopilot,
    fullHeight: true,
    aside: <SignedIn name={user.name} userId={user.userId} />,
    children: (
      <main id="main" class="chat" data-signed-in="true" data-ready="false" data-signature-id={signature?.id}>
        <h1 class="visually-hidden">{signature ? `Autopilot: ${signature.title}` : 'Autopilot'}</h1>
        <div id="log" class="log" role="log" aria-live="polite" aria-label="Conversation" tabindex={0}>
          <Welcome signature={signature} />
          {messages.map(message => (
            <ChatMessage message={message} />
          ))}
          {loadError !== null && (
            <p class="error" role="alert" data-testid="thread-error">
              {loadError}
            </p>
          )}
        </div>
        <RecapControls />
        <form id="composer" class="composer" method="post" action="/autopilot">
          <label class="visually-hidden" for="message-input">
            Message to Autopilot
          </label>
          <textarea
            id="message-input"
            data-testid="message-input"
            name="text"
            rows={1}
            maxlength={4_000}
            placeholder="Write a message"
            aria-describedby="composer-hint"
            autocomplete="off"
            required
            autofocus
          />
          <button type="submit" data-testid="send-button">
            Send
          </button>
          <p id="composer-hint" class="hint">
            <noscript>Sending needs JavaScript. Reading works without. </noscript>
            <span>Enter sends, Shift+Enter starts a new line.</span>
          </p>
        </form>
        <MessageTemplates />
      </main>
    ),
  });
}

function Welcome({ signature }: Pick<AutopilotView, 'signature'>) {
  if (signature)
    return (
      <div class="empty">
        <p>
          Every message runs <code>{signature.title}</code> and nothing else.
        </p>
        <p class="faint">
          <a href="/autopilot">Back to the usual chat</a>
        </p>
      </div>
    );
  return (
    <div class="empty">
      <p>Tell Autopilot something to remember, or ask it anything.</p>
      <p class="faint">
        For example: “call me Ada”, “remember that I bake on Sundays”, “check my mail every morning”.
      </p>
    </div>
  );
}

function SignedIn({ name, userId }: { name: string; userId: string }) {
  return (
    <div class="session">
      <span data-testid="signed-in-as" data-user-id={userId} title={userId}>
        <span class="visually-hidden">Signed in as </span>
        {name}
      </span>
      <button type="button" class="quiet" id="sign-out" data-testid="sign-out-button">
        Sign out
      </button>
    </div>
  );
}
