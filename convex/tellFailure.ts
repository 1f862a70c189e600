import type { SendEvent } from '../loop/contract/autopilot.ts';
import { internal } from './_generated/api.js';
import type { ActionCtx } from './_generated/server.js';
import { failureOf } from './failure.ts';

/** Marks a message as failed, for whatever reason, and says so; of an error of our own it says only what to do, in `advice`. */
export async function tellFailure(
  ctx: ActionCtx,
  { begun: { messageId }, requestId }: { begun: { messageId: string }; requestId: string },
  error: unknown,
  advice: string,
  emit: (event: SendEvent) => void,
): Promise<void> {
  const known = failureOf(error);
  const message = known?.message ?? `Something went wrong on the server. ${advice}`;
  if (!known) console.error(JSON.stringify({ level: 'error', requestId, error: String(error) }));
  await ctx.runMutation(internal.autopilot.failed, { messageId, error: message, refused: known !== null });
  emit({ type: 'error', code: known?.code ?? 'internal', message });
}
