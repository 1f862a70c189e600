import { type CoursePoint, isSampled } from '../loop/canary/course.ts';
import type { Doc } from './_generated/dataModel.js';
import type { MutationCtx, QueryCtx } from './_generated/server.js';

type Counted = Pick<Doc<'dseCanaries'>, 'canaryId' | 'step' | 'counts' | 'earlier'>;

/** Above what `isSampled` keeps of any canary that a night could hold. */
const MOST_POINTS = 600;

/** Keeps the counts after a change, if they passed a point of the canary's course; in the transaction of the change. */
export async function keepPoint(ctx: MutationCtx, before: Counted, after: Counted): Promise<void> {
  if (!isSampled(before.counts, after.counts)) return;
  const { canaryId, step, counts, earlier } = after;
  await ctx.db.insert('dseCanaryPoints', { canaryId, at: Date.now(), step, counts, earlier });
}

/** The kept points of a canary in order of time, and where it stands. */
export async function courseOf(ctx: QueryCtx, canary: Doc<'dseCanaries'>): Promise<CoursePoint[]> {
  const kept = await ctx.db
    .query('dseCanaryPoints')
    .withIndex('by_canary', q => q.eq('canaryId', canary.canaryId))
    .take(MOST_POINTS);
  const { heartbeatAt: at, step, counts, earlier } = canary;
  return [...kept.map(({ _id, _creationTime, canaryId, ...point }) => point), { at, step, counts, earlier }];
}
