import { deleteCookie, setCookie } from 'hono/cookie';
import { e2eLogin, opsToken, session, signout } from '../../loop/contract/endpoint.ts';
import { failure } from '../failure.ts';
import { type App, type AppContext, SESSION_COOKIE, VIEWER_COOKIE } from './access.ts';
import { route } from './route.ts';
import { e2ePublicJwk, issueToken, verifyToken } from './tokens.ts';

/** Signing in and out, and the tokens of operators. */
export function registerAuthRoutes(app: App): void {
  route(app, e2eLogin, async ({ userId, name }, { c }) => {
    const { token, expiresAt } = await issueToken('user', userId, name ?? '');
    setSession(c, SESSION_COOKIE, token, expiresAt);
    return { token, expiresAt, userId };
  });
  route(app, session, async (_, { user }) => ({ user: user && { ...user, role: 'user' } }));
  route(app, signout, async (_, { c }) => {
    for (const name of [SESSION_COOKIE, VIEWER_COOKIE]) deleteCookie(c, name, { path: '/' });
    return {};
  });
  route(app, opsToken, async ({ role }) => await issueToken(role, `overnight-${role}`, role));
  app.get('/api/auth/e2e/jwks', c => c.json({ keys: [e2ePublicJwk()] }));

  // A link that signs a browser in: `npm run dev` prints one for the chat and one for the pages.
  app.get('/api/auth/link', async c => {
    const holder = await verifyToken(c.req.query('token') ?? '', 'user', 'viewer');
    if (!holder)
      throw failure(
        'unauthorized',
        'This sign-in link is not valid any more. Ask for a new one: `npm run dev` prints it.',
      );
    setSession(
      c,
      holder.kind === 'user' ? SESSION_COOKIE : VIEWER_COOKIE,
      c.req.query('token') ?? '',
      holder.expiresAt,
    );
    return c.redirect(holder.kind === 'user' ? '/autopilot' : '/dse');
  });
}

function setSession(c: AppContext, name: string, token: string, expiresAt: number): void {
  setCookie(c, name, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: new URL(c.req.url).protocol === 'https:',
    expires: new Date(expiresAt),
  });
}
