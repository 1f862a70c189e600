import type { Context, Hono, MiddlewareHandler } from 'hono';
import { getCookie } from 'hono/cookie';
import { sha256Hex } from '../../loop/sha256.ts';
import type { ActionCtx } from '../_generated/server.js';
import { failure } from '../failure.ts';
import { SignInNeeded } from '../pages/signInNeeded.tsx';
import { type TokenHolder, verifyToken } from './tokens.ts';

/** What every route sees: the Convex action context, and the id of the request. */
export type AppEnv = { Bindings: { ctx: ActionCtx }; Variables: { requestId: string } };
export type App = Hono<AppEnv>;
export type AppContext = Context<AppEnv>;

export const SESSION_COOKIE = 'oa_session';
export const VIEWER_COOKIE = 'oa_viewer';

/** The signed-in chat user, or null. */
export async function sessionUser(
  c: AppContext,
): Promise<{ userId: string; name: string; role: 'user' } | null> {
  const token = bearer(c) ?? getCookie(c, SESSION_COOKIE);
  const holder = token ? await verifyToken(token, 'user') : null;
  return holder && { userId: holder.userId, name: holder.name, role: 'user' };
}

/** Whoever may read evidence: a viewer, an operator, or the admin secret; else null. */
export async function reader(c: AppContext): Promise<TokenHolder | { kind: 'admin' } | null> {
  const given = bearer(c);
  if (given && isSecret(given, process.env.OA_DSE_ADMIN_SECRET)) return { kind: 'admin' };
  const token = given ?? getCookie(c, VIEWER_COOKIE);
  return token ? await verifyToken(token, 'ops', 'viewer') : null;
}

/** Pages for readers only; anybody else is told how to sign in. */
export const readerOnly: MiddlewareHandler<AppEnv> = async (c, next) => {
  if (await reader(c)) return await next();
  return c.html(SignInNeeded({}), 401);
};

/** Lets only the holder of the admin secret pass. Throws `unauthorized`, `forbidden` or `not_configured`. */
export async function requireAdmin(c: AppContext): Promise<void> {
  await requireSecret(c, 'OA_DSE_ADMIN_SECRET', process.env.OA_DSE_ADMIN_SECRET);
}

/** Lets only the holder of the E2E bypass secret pass. Without it and its key, E2E login is off. */
export async function requireE2eSecret(c: AppContext): Promise<void> {
  const secret = process.env.OA_E2E_BYPASS_SECRET;
  if (!secret || !process.env.OA_E2E_JWT_PRIVATE_JWK)
    throw failure(
      'not_found',
      'E2E login is off here: it needs OA_E2E_BYPASS_SECRET and OA_E2E_JWT_PRIVATE_JWK on the deployment.',
    );
  await requireSecret(c, 'OA_E2E_BYPASS_SECRET', secret);
}

/** The chat user who calls. Throws `unauthorized`, or `forbidden` for a credential of another role. */
export async function requireUser(c: AppContext): Promise<{ userId: string; name: string }> {
  const user = await sessionUser(c);
  if (user) return user;
  const other = bearer(c) === null ? null : await reader(c);
  if (other)
    throw failure(
      'forbidden',
      `This call is for a signed-in chat user; the credential is of the role ${other.kind}.`,
    );
  throw failure(
    'unauthorized',
    'Sign in first: POST /api/auth/e2e/login, or the link that `npm run dev` prints.',
  );
}

async function requireSecret(c: AppContext, name: string, secret: string | undefined): Promise<void> {
  if (!secret)
    throw failure(
      'not_configured',
      `${name} is not set on the deployment. Run \`npm run secrets\` to make and set it.`,
    );
  const given = bearer(c);
  if (!given) throw failure('unauthorized', `This call needs the header Authorization: Bearer <${name}>.`);
  if (isSecret(given, secret)) return;
  const holder = await verifyToken(given, 'user', 'viewer', 'ops');
  if (holder)
    throw failure(
      'forbidden',
      `This call needs ${name}; the credential is a token of the role ${holder.kind}.`,
    );
  throw failure('unauthorized', `The credential is not the deployment's ${name}.`);
}

function bearer(c: AppContext): string | null {
  const [scheme, value] = (c.req.header('authorization') ?? '').split(' ', 2);
  return scheme?.toLowerCase() === 'bearer' && value ? value : null;
}

// Comparing digests takes the same time wherever the first difference lies, and hides the length.
function isSecret(given: string, secret: string | undefined): boolean {
  if (!secret) return false;
  const [a, b] = [sha256Hex(given), sha256Hex(secret)];
  let difference = 0;
  for (let i = 0; i < a.length; i++) difference |= a.charCodeAt(i) ^ b.charCodeAt(i);
  return difference === 0;
}
