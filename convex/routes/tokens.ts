import { importJWK, type JWK, jwtVerify, SignJWT } from 'jose';
import * as z from 'zod';
import { deferred } from '../../loop/contract/deferred.ts';
import { failure } from '../failure.ts';
import { issuerOf, type Role } from '../roles.ts';

/** Each kind of token has its own issuer and audience, and users another key than operators: none passes for another. */
export type TokenKind = Role;

const seconds: Record<TokenKind, number> = {
  ops: 15 * 60,
  viewer: 12 * 3_600,
  watcher: 5 * 60,
  user: 2 * 3_600,
};

/** Who a verified token speaks for. */
export interface TokenHolder<Kind extends TokenKind = TokenKind> {
  readonly kind: Kind;
  readonly userId: string;
  readonly name: string;
  readonly expiresAt: number;
}

/** A signed RS256 token. `expiresAt` is in milliseconds. */
export async function issueToken(
  kind: TokenKind,
  userId: string,
  name: string,
): Promise<{ token: string; expiresAt: number }> {
  const key = privateJwk(kind);
  const expiresAt = Math.floor(Date.now() / 1_000) + seconds[kind];
  const token = await new SignJWT({ name, role: kind })
    .setProtectedHeader({ alg: 'RS256', kid: key.kid ?? '', typ: 'JWT' })
    .setIssuer(issuerOf(kind))
    .setAudience(audienceOf(kind))
    .setSubject(userId)
    .setIssuedAt()
    .setExpirationTime(expiresAt)
    .sign(await importJWK(key, 'RS256'));
  return { token, expiresAt: expiresAt * 1_000 };
}

const claimsSchema = deferred(() =>
  z.object({ sub: z.string().min(1), name: z.string().default(''), exp: z.number() }),
);

/** The holder of a token of one of these kinds, or null: signature, issuer, audience and expiry are all checked. */
export async function verifyToken<Kind extends TokenKind>(
  token: string,
  ...kinds: readonly Kind[]
): Promise<TokenHolder<Kind> | null> {
  for (const kind of kinds) {
    if (!isConfigured(kind)) continue;
    const { kty, n, e, kid } = privateJwk(kind);
    const key = await importJWK({ kty, n, e, kid } as JWK, 'RS256');
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer: issuerOf(kind),
        audience: audienceOf(kind),
        algorithms: ['RS256'],
      });
      const { sub, name, exp } = claimsSchema.parse(payload);
      return { kind, userId: sub, name, expiresAt: exp * 1_000 };
    } catch {
      // Not a token of this kind.
    }
  }
  return null;
}

function isConfigured(kind: TokenKind): boolean {
  return (
    (kind === 'user' ? process.env.OA_E2E_JWT_PRIVATE_JWK : process.env.OA_OPS_JWT_PRIVATE_JWK) !== undefined
  );
}

function privateJwk(kind: TokenKind): JWK {
  const [name, text] =
    kind === 'user'
      ? (['OA_E2E_JWT_PRIVATE_JWK', process.env.OA_E2E_JWT_PRIVATE_JWK] as const)
      : (['OA_OPS_JWT_PRIVATE_JWK', process.env.OA_OPS_JWT_PRIVATE_JWK] as const);
  if (!text)
    throw failure(
      'not_configured',
      `${name} is not set on the deployment. Run \`npm run secrets\` to make and set it.`,
    );
  return JSON.parse(text) as JWK;
}

/** The public key of E2E users, for `GET /api/auth/e2e/jwks`. */
export function e2ePublicJwk(): JWK {
  const { kty, n, e, kid } = privateJwk('user');
  return { kty, n, e, kid, alg: 'RS256', use: 'sig' } as JWK;
}

function audienceOf(kind: TokenKind): string {
  return `overnight-${kind}`;
}
