// A stack of usual depth fits; a message that quotes a whole prompt does not.
const MOST_CHARS = 2_000;

/** One line of JSON for the log about what our own code threw. Secrets that it quotes are left out, and its length is bounded. */
export function bugLine(
  bug: unknown,
  context: { readonly signatureId: string; readonly requestId: string },
  secrets: readonly string[],
): string {
  const told = bug instanceof Error ? (bug.stack ?? String(bug)) : String(bug);
  const error = secrets.reduce((text, secret) => text.replaceAll(secret, '[secret]'), told);
  return JSON.stringify({ level: 'error', ...context, error: error.slice(0, MOST_CHARS) });
}
