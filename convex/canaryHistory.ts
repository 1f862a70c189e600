import type { Doc } from './_generated/dataModel.js';
import type { MutationCtx } from './_generated/server.js';

/** A state change of a canary, or of the soak after it. */
export type CanaryChange = Omit<
  Doc<'dseCanaryHistory'>,
  '_id' | '_creationTime' | 'at' | 'countsJson' | 'verdictJson'
> & { readonly counts: unknown; readonly verdict: unknown };

/** Writes down who changed what, why, and on which counts and thresholds. */
export async function keepChange(ctx: MutationCtx, change: CanaryChange): Promise<void> {
  const { counts, verdict, ...row } = change;
  await ctx.db.insert('dseCanaryHistory', {
    ...row,
    countsJson: JSON.stringify(counts),
    verdictJson: JSON.stringify(verdict),
    at: Date.now(),
  });
}
