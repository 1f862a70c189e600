import { internal } from './_generated/api.js';
import type { Id } from './_generated/dataModel.js';
import type { ActionCtx } from './_generated/server.js';

/** Soon enough for a person who presses a button; most answers are there before the first look. */
const LOOK_EVERY_MS = 400;

/** Aborts `signal` once the user has asked to stop a predict, or once its receipt is written without its answer. */
export function watchForStop(
  ctx: ActionCtx,
  openId: Id<'dseOpenPredicts'>,
): { readonly signal: AbortSignal; end(): void } {
  const controller = new AbortController();
  let timer = setTimeout(look, LOOK_EVERY_MS);
  let ended = false;
  async function look() {
    // A look that fails is made again: it must not end an answer.
    const isToStop = await ctx.runQuery(internal.openPredicts.isToStop, { openId }).catch(() => false);
    if (ended) return;
    if (isToStop) controller.abort();
    else timer = setTimeout(look, LOOK_EVERY_MS);
  }
  return {
    signal: controller.signal,
    end() {
      ended = true;
      clearTimeout(timer);
    },
  };
}
