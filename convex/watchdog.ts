import { internal } from './_generated/api.js';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, type MutationCtx } from './_generated/server.js';
import { stopCanary } from './canaryRows.ts';
import { isDead, takeUp } from './compileJobs.ts';
import { takeUp as takeUpEval } from './evals.ts';
import { endRun } from './opsRuns.ts';
import { endSoak, unwatched } from './soakRows.ts';

// Traffic and outcomes beat with every message, and the reporter every 15 s.
const CANARY_SILENCE_MS = 60_000;
const RUN_SILENCE_MS = 120_000;
// A clock that jumps, or a machine that slept, makes everything look silent at once: whoever lives beats within this time.
const SUSPICION_MS = 30_000;
const BATCH = 20;

/** Cleans up after killed runners: overdue or silent canaries stop, silent runs end as failed, dead compiles and evaluations go on, predicts cut off get their receipt. */
export const sweep = internalMutation({
  args: {},
  handler: async ctx => {
    const now = Date.now();
    const canaries = await ctx.db
      .query('dseCanaries')
      .withIndex('by_status', q => q.eq('status', 'running'))
      .take(BATCH);
    for (const canary of canaries) {
      const overdue = now >= canary.endsAt;
      if (!overdue && !(await isSilent(ctx, canary, now, CANARY_SILENCE_MS))) continue;
      const reason = overdue ? 'Its time is up.' : 'No sign of life from its traffic for a minute.';
      await stopCanary(ctx, canary, { actor: 'watchdog', reason, requestId: 'watchdog' });
    }
    const soaks = await ctx.db
      .query('dseSoaks')
      .withIndex('by_status', q => q.eq('status', 'open').lt('endsAt', now))
      .take(BATCH);
    for (const soak of soaks)
      await endSoak(ctx, soak, 'unconfirmed', {
        actor: 'watchdog',
        reason: `${unwatched(soak)} Its time is up.`,
        requestId: 'watchdog',
      });
    const runs = await ctx.db
      .query('dseOpsRuns')
      .withIndex('by_status', q => q.eq('status', 'running'))
      .take(BATCH);
    for (const run of runs) {
      if (!(await isSilent(ctx, run, now, RUN_SILENCE_MS))) continue;
      const counts = { passed: 0, failed: 0, flaky: 0, skipped: 0, did_not_run: 0, interrupted: 0 };
      const durationMs = Math.max(0, run.heartbeatAt - run.startedAt);
      await endRun(
        ctx,
        run,
        { runId: run.runId, counts, failingTests: [], durationMs, status: 'interrupted' },
        'watchdog',
      );
    }
    const jobs = await ctx.db
      .query('dseCompileJobs')
      .withIndex('by_status', q => q.eq('status', 'running'))
      .take(BATCH);
    for (const job of jobs) if (await isDead(ctx, job)) await takeUp(ctx, job, internal.compileStep.run);
    const evals = await ctx.db
      .query('dseEvalReports')
      .withIndex('by_status', q => q.eq('status', 'running'))
      .take(BATCH);
    for (const row of evals) if (row.kind === 'eval' && (await isDead(ctx, row))) await takeUpEval(ctx, row);
    const overdue = await ctx.db
      .query('dseOpenPredicts')
      .withIndex('by_expiry', q => q.lt('expiresAt', now))
      .take(BATCH);
    // Scheduled, as a receipt needs the signatures, which take a while to load.
    for (const { _id: openId } of overdue)
      await ctx.scheduler.runAfter(0, internal.interrupted.end, { openId });
  },
});

/**
 * Whether something has not beaten for too long, and not since a sweep half a minute ago first found it so. A beat from the future is
 * one from before the clock was set back.
 */
async function isSilent(
  ctx: MutationCtx,
  row: Doc<'dseCanaries'> | Doc<'dseOpsRuns'>,
  now: number,
  silenceMs: number,
): Promise<boolean> {
  const { heartbeatAt, suspected } = row;
  if (Math.abs(now - heartbeatAt) <= silenceMs) return false;
  if (suspected?.beat === heartbeatAt) return Math.abs(now - suspected.at) >= SUSPICION_MS;
  await ctx.db.patch(row._id, { suspected: { beat: heartbeatAt, at: now } });
  return false;
}
