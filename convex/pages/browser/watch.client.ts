import { ConvexClient } from 'convex/browser';
import { makeFunctionReference } from 'convex/server';

/** The deployment tells, as it happens, that this page shows something that has changed. */
export interface Watch {
  /** The page's pulse; null while the deployment is not reached, or does not answer us. */
  readonly pulse: string | null;
  close(): void;
}

interface Ticket {
  readonly url: string;
  readonly token: string;
}

const live = makeFunctionReference<'query', Record<string, never>, string | null>('pulse:live');

/** Subscribes to the pulse of this page. Throws when the site gives no ticket, or the deployment does not say where it is. */
export async function watch(onNews: () => void): Promise<Watch> {
  const { url } = await ticket();
  let pulse: string | null = null;
  const hear = (news: string | null) => {
    pulse = news;
    onNews();
  };
  const client = new ConvexClient(url, { unsavedChangesWarning: false, logger: false });
  client.setAuth(async () => {
    const { token = null } = await ticket().catch(() => ({}) as Partial<Ticket>);
    return token;
  });
  client.onUpdate(live, {}, hear, () => hear(null));
  return {
    get pulse() {
      return client.connectionState().isWebSocketConnected ? pulse : null;
    },
    close: () => void client.close(),
  };
}

/** A token for this page's pulse, for as long as the reader is signed in. */
async function ticket(): Promise<Ticket> {
  const response = await fetch(`${location.pathname}/ticket`);
  if (!response.ok) throw new Error(`HTTP ${response.status}`);
  return (await response.json()) as Ticket;
}
