import { v } from 'convex/values';
import { type Admission, admission, afterFailure, type BreakerState, probing } from '../loop/lm/breaker.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, type MutationCtx, type QueryCtx } from './_generated/server.js';

// Read for every message: this module imports nothing that is slow to load.

/** Models that have failed, each with its breaker. One model for each arm of a canary and a fallback are a handful. */
const MOST_MODELS = 20;

/** The breakers that are not as good as new: none while the endpoint is well. */
export async function worriedBreakers(ctx: QueryCtx): Promise<Doc<'dseBreakers'>[]> {
  return await ctx.db.query('dseBreakers').take(MOST_MODELS);
}

/** Whether a call of a model may go, where it may be the one that probes: only one of those who ask gets `probe`. */
export const claimProbe = internalMutation({
  args: { model: v.string() },
  handler: async (ctx, { model }): Promise<Admission> => {
    const row = await breakerOf(ctx, model);
    const admitted = admission(row, Date.now());
    if (row && admitted === 'probe')
      await ctx.db.patch(row._id, { probeUntil: probing(row, Date.now()).probeUntil });
    return admitted;
  },
});

/** Counts how a call ended, as far as the endpoint is to blame. Answers the state that follows; null when all is well. */
export const record = internalMutation({
  args: { model: v.string(), ok: v.boolean() },
  handler: async (ctx, { model, ok }): Promise<BreakerState | null> => {
    const row = await breakerOf(ctx, model);
    if (ok) {
      if (row) await ctx.db.delete(row._id);
      return null;
    }
    const state = afterFailure(row, Date.now());
    if (row) await ctx.db.patch(row._id, { ...state });
    else await ctx.db.insert('dseBreakers', { model, ...state });
    return state;
  },
});

async function breakerOf(ctx: MutationCtx, model: string): Promise<Doc<'dseBreakers'> | null> {
  return await ctx.db
    .query('dseBreakers')
    .withIndex('by_model', q => q.eq('model', model))
    .first();
}
