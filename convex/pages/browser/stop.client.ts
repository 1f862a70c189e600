/** Asks the server to stop an answer. Answers why that failed, or null: then the answer's own stream tells its end. */
export async function askToStop(messageId: string): Promise<string | null> {
  try {
    const response = await fetch('/api/autopilot/cancel', {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ messageId }),
    });
    if (response.ok) return null;
    return response.status === 401
      ? 'You are signed out, so this cannot be stopped. Load the page again to sign in.'
      : `This could not be stopped (HTTP ${response.status}). Try again.`;
  } catch {
    return 'The server could not be reached, so this could not be stopped. Try again.';
  }
}
