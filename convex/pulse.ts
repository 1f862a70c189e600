import { v } from 'convex/values';
import { internalQuery, type QueryCtx, query } from './_generated/server.js';
import { canaryById } from './canaryRows.ts';
import { requireRole } from './roles.ts';
import { soakOfCanary } from './soakRows.ts';
import { jobOf, jobUnderWay, runOf } from './views.ts';

/** Kinds of pages that keep themselves up to date, by the address `/dse/<kind>/<id>`. */
export const liveKinds = ['ops', 'compile-job', 'canary'] as const;
export type LiveKind = (typeof liveKinds)[number];

/** What a page shows that may change, by its kind; null when there is no such thing. */
const pulses: Record<LiveKind, (ctx: QueryCtx, id: string) => Promise<unknown>> = {
  ops: nightPulse,
  'compile-job': jobPulse,
  canary: canaryPulse,
};

/** A text that is another one once something that a page shows has changed; null when there is no such page. */
export const read = internalQuery({
  args: { kind: v.union(v.literal('ops'), v.literal('compile-job'), v.literal('canary')), id: v.string() },
  handler: (ctx, { kind, id }) => pulseOf(ctx, kind, id),
});

/** The same for a browser that subscribes: the page is the one that its token is for, so a token tells nothing of any other. */
export const live = query({
  args: {},
  handler: async (ctx): Promise<string | null> => {
    await requireRole(ctx, 'watcher');
    const { subject = '' } = (await ctx.auth.getUserIdentity()) ?? {};
    const kind = liveKinds.find(one => subject.startsWith(`${one}/`));
    return kind ? await pulseOf(ctx, kind, subject.slice(kind.length + 1)) : null;
  },
});

async function pulseOf(ctx: QueryCtx, kind: LiveKind, id: string): Promise<string | null> {
  const seen = await pulses[kind](ctx, id);
  return seen === null ? null : JSON.stringify(seen);
}

async function nightPulse(ctx: QueryCtx, runId: string) {
  const run = await runOf(ctx, runId);
  if (!run) return null;
  const lastEvent = await ctx.db
    .query('dseOpsRunEvents')
    .withIndex('by_time', q => q.eq('runId', runId))
    .order('desc')
    .first();
  const canary = await ctx.db
    .query('dseCanaries')
    .withIndex('by_run', q => q.eq('runId', runId))
    .order('desc')
    .first();
  const job = await jobUnderWay(ctx, runId);
  return [
    [run.status, run.heartbeatAt, lastEvent?._id],
    canary && (await canaryPulse(ctx, canary.canaryId)),
    job?.progressJson,
  ];
}

async function jobPulse(ctx: QueryCtx, jobId: string) {
  const job = await jobOf(ctx, jobId);
  return job && [job.status, job.progressJson];
}

async function canaryPulse(ctx: QueryCtx, canaryId: string) {
  const canary = await canaryById(ctx, canaryId);
  const soak = canary && (await soakOfCanary(ctx, canaryId));
  return (
    canary && [canary.status, canary.step, canary.heartbeatAt, canary.counts, soak?.status, soak?.served]
  );
}
