import { admission, type BreakerState, type Breakers } from '../loop/lm/breaker.ts';
import { internal } from './_generated/api.js';
import type { ActionCtx } from './_generated/server.js';
import type { BegunPredict } from './openPredicts.ts';

/** Breakers that all traffic shares, as they were when the predict began. While the endpoint is well they cost nothing more. */
export function sharedBreakers(ctx: ActionCtx, { breakers }: BegunPredict): Breakers {
  const seen = new Map<string, BreakerState>(breakers.map(row => [row.model, row]));
  return {
    async admit(model) {
      const admitted = admission(seen.get(model) ?? null, Date.now());
      return admitted === 'probe' ? await ctx.runMutation(internal.breakers.claimProbe, { model }) : admitted;
    },
    async record(model, ok) {
      if (ok && !seen.has(model)) return;
      const state = await ctx.runMutation(internal.breakers.record, { model, ok });
      if (state) seen.set(model, state);
      else seen.delete(model);
    },
  };
}
