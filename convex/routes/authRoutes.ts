import { deleteCookie } from 'hono/cookie';
import { e2eLogin, opsToken, session, signout } from '../../loop/contract/endpoint.ts';
import { type App, SESSION_COOKIE, VIEWER_COOKIE } from './access.ts';
import { route } from './route.ts';
import { setSession } from './signInByToken.ts';
import { e2ePublicJwk, issueToken } from './tokens.ts';

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
}
