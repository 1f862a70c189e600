import { byId } from './dom.client.ts';

/** Ends the session and shows the signed-out page; says so when that failed. */
export async function signOut(): Promise<void> {
  const button = byId<HTMLButtonElement>('sign-out');
  button.disabled = true;
  const response = await fetch('/api/auth/signout', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: '{}',
  }).catch(() => null);
  if (response?.ok) return location.reload();
  button.disabled = false;
  button.textContent = 'Sign out failed, try again';
}
