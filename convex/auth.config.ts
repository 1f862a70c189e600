import type { AuthConfig } from 'convex/server';

// Keys travel as data: URIs, so that a deployment needs no network and no start order to verify a token.
// The private keys are read here only for their public half.

/** Issuers and audiences of every kind of token; `routes/tokens.ts` signs with the same. */
const e2eKey = process.env.OA_E2E_JWT_PRIVATE_JWK;
const opsKey = process.env.OA_OPS_JWT_PRIVATE_JWK;

function jwksOf(privateJwk: string): string {
  const { kty, n, e, kid } = JSON.parse(privateJwk) as Record<string, string>;
  const jwks = { keys: [{ kty, n, e, kid, alg: 'RS256', use: 'sig' }] };
  return `data:application/json;base64,${btoa(JSON.stringify(jwks))}`;
}

function provider(privateJwk: string | undefined, issuer: string, audience: string) {
  return privateJwk
    ? [
        {
          type: 'customJwt' as const,
          issuer,
          applicationID: audience,
          algorithm: 'RS256' as const,
          jwks: jwksOf(privateJwk),
        },
      ]
    : [];
}

export default {
  providers: [
    ...provider(opsKey, 'https://overnight.invalid/ops', 'overnight-ops'),
    ...provider(opsKey, 'https://overnight.invalid/viewer', 'overnight-viewer'),
    ...provider(opsKey, 'https://overnight.invalid/watcher', 'overnight-watcher'),
    ...provider(e2eKey, 'https://overnight.invalid/e2e', 'overnight-user'),
  ],
} satisfies AuthConfig;
