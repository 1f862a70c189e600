/** @jsxImportSource hono/jsx */
import { selectToolId } from '../../../loop/catalog/ids.ts';
import { autopilotThread } from '../../../loop/contract/endpoint.ts';
import { type App, type AppContext, sessionUser } from '../../routes/access.ts';
import { chatSignature } from '../../signatureChat.ts';
import { AutopilotSignIn } from '../signInNeeded.tsx';
import { type AutopilotView, autopilotPage } from './autopilotPage.tsx';

/** `GET /autopilot`: the chat with the thread so far, or how to sign in. `api` is the app that serves the thread. */
export function registerAutopilot(pages: App, api: App): void {
  pages.get('/autopilot', async c => {
    const user = await sessionUser(c);
    if (!user) return c.html(AutopilotSignIn());
    const signatureId = c.req.query('signature') ?? selectToolId;
    const signature = signatureId === selectToolId ? null : chatSignature(signatureId);
    return c.html(autopilotPage({ user, signature, ...(await threadSoFar(api, c)) }));
  });
}

/** Asks our own API, inside the process, so that page and script show the same thread. */
async function threadSoFar(api: App, c: AppContext): Promise<Omit<AutopilotView, 'user' | 'signature'>> {
  const headers = new Headers({ 'x-oa-request-id': c.get('requestId') });
  for (const name of ['cookie', 'authorization']) {
    const value = c.req.header(name);
    if (value !== undefined) headers.set(name, value);
  }
  const answer = await api.fetch(new Request(new URL(autopilotThread.path, c.req.url), { headers }), c.env);
  const body = answer.ok ? autopilotThread.response.loose().safeParse(await answer.json()) : null;
  if (body?.success) return { messages: body.data.messages, loadError: null };
  return {
    messages: [],
    loadError: `Earlier messages could not be read (HTTP ${answer.status}). They are not lost: load the page again.`,
  };
}
