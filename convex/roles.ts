import type { UserIdentity } from 'convex/server';
import { failure } from './failure.ts';

type Role = 'ops' | 'viewer' | 'user';

/** The role a verified token carries; roles have their own audiences, so it cannot be claimed by another key. */
export function roleOf(identity: UserIdentity | null): Role | null {
  const role = identity?.role;
  return role === 'ops' || role === 'viewer' || role === 'user' ? role : null;
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
