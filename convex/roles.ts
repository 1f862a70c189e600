import type { UserIdentity } from 'convex/server';
import { failure } from './failure.ts';

/** What a token lets its holder do. A `watcher` may learn of one page, its subject, that something there has changed. */
export type Role = 'ops' | 'viewer' | 'watcher' | 'user';

// `.invalid` (RFC 2606) is never a real host: the issuer is a name, not an address. The same names stand in auth.config.ts.
const issuers: Readonly<Record<Role, string>> = {
  ops: 'https://overnight.invalid/ops',
  viewer: 'https://overnight.invalid/viewer',
  watcher: 'https://overnight.invalid/watcher',
  user: 'https://overnight.invalid/e2e',
};

/** The issuer whose tokens have this role. */
export function issuerOf(role: Role): string {
  return issuers[role];
}

/** The role of a verified token, by its issuer: a claim could name any role, but every issuer has its own key or audience. */
export function roleOf(identity: UserIdentity | null): Role | null {
  const roles = Object.keys(issuers) as Role[];
  return roles.find(role => issuers[role] === identity?.issuer) ?? null;
}

/** Lets a public function run only for these roles. Throws `unauthorized` or `forbidden`. */
export async function requireRole(
  ctx: { auth: { getUserIdentity(): Promise<UserIdentity | null> } },
  ...roles: readonly Role[]
): Promise<void> {
  const identity = await ctx.auth.getUserIdentity();
  if (!identity)
    throw failure(
      'unauthorized',
      'This needs a token: ask POST /api/dse/ops/token for one with the admin secret.',
    );
  const role = roleOf(identity);
  if (!role || !roles.includes(role))
    throw failure('forbidden', `This needs the role ${roles.join(' or ')}; the token has ${role ?? 'none'}.`);
}
