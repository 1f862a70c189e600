/** @jsxImportSource hono/jsx */
import { deleteCookie } from 'hono/cookie';
import { type App, type AppContext, VIEWER_COOKIE } from '../routes/access.ts';
import { signInByToken } from '../routes/signInByToken.ts';
import { documentHtml } from './document.tsx';
import { SignInNeeded } from './signInNeeded.tsx';
import { pageOf } from './wording/links.ts';

const NOT_VALID = 'This link or token is not valid any more. Ask for a new one: each is good for some hours.';

/** Signing a reader in and out: by link, by a form that works without JavaScript, and out again. */
export function registerSignIn(app: App): void {
  app.get('/api/auth/link', async c => enter(c, c.req.query('token') ?? ''));
  app.get(pageOf.signIn, c => c.html(SignInNeeded({})));
  app.post(pageOf.signIn, async c => {
    const { token } = await c.req.parseBody();
    return await enter(c, typeof token === 'string' ? tokenIn(token.trim()) : '');
  });
  app.get(pageOf.signOut, c => c.html(SignOut({ done: false })));
  app.post(pageOf.signOut, c => {
    deleteCookie(c, VIEWER_COOKIE, { path: '/' });
    return c.html(SignOut({ done: true }));
  });
}

async function enter(c: AppContext, token: string) {
  const home = await signInByToken(c, token);
  return home === null ? c.html(SignInNeeded({ problem: NOT_VALID }), 401) : c.redirect(home, 303);
}

/** People paste the whole link as often as the token in it. */
function tokenIn(pasted: string): string {
  return URL.canParse(pasted) ? (new URL(pasted).searchParams.get('token') ?? '') : pasted;
}

function SignOut({ done }: { done: boolean }) {
  return documentHtml({
    title: done ? 'You are signed out' : 'Sign out',
    here: 'none',
    children: (
      <main id="main" class="page narrow">
        <h1>{done ? 'You are signed out' : 'Sign out of these pages?'}</h1>
        {done ? (
          <p>
            <a href={pageOf.signIn}>Sign in again</a>
          </p>
        ) : (
          <form method="post" action={pageOf.signOut}>
            <button type="submit">Sign out</button>
          </form>
        )}
      </main>
    ),
  });
}
