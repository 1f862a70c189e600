import { setCookie } from 'hono/cookie';
import { type AppContext, SESSION_COOKIE, VIEWER_COOKIE } from './access.ts';
import { type TokenHolder, verifyToken } from './tokens.ts';

/** Where each kind of person goes once signed in. */
const HOME = { user: '/autopilot', viewer: '/dse' } as const;

/** Signs a browser in with a token of a chat user or a viewer. Answers where to go, or null when the token is not valid. */
export async function signInByToken(c: AppContext, token: string): Promise<string | null> {
  const holder = await verifyToken(token, 'user', 'viewer');
  if (!holder) return null;
  setSession(c, holder.kind === 'user' ? SESSION_COOKIE : VIEWER_COOKIE, token, holder.expiresAt);
  return HOME[holder.kind];
}

/** Keeps a token in a cookie that scripts cannot read and other sites do not send. */
export function setSession(
  c: AppContext,
  name: string,
  token: string,
  expiresAt: TokenHolder['expiresAt'],
): void {
  setCookie(c, name, token, {
    path: '/',
    httpOnly: true,
    sameSite: 'Lax',
    secure: new URL(c.req.url).protocol === 'https:',
    expires: new Date(expiresAt),
  });
}
