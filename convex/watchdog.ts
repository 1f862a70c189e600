import { internal } from './_generated/api.js';
import { internalMutation } from './_generated/server.js';
import { stopCanary } from './canaryRows.ts';
import { isDead, takeUp } from './compileJobs.ts';
import { takeUp as takeUpEval } from './evals.ts';
import { endRun } from './opsRuns.ts';

// Traffic and outcomes beat with every message, and the reporter every 15 s.
const CANARY_SILENCE_MS = 60_000;
const RUN_SILENCE_MS = 120_000;
const BATCH = 20;

/** Cleans up after killed runners: overdue or silent canaries stop, silent runs end as failed, dead compiles and evaluations go on. */
export const sweep = internalMutation({
  args: {},
  handler: async ctx => {
    const now = Date.now();
    const canaries = await ctx.db
      .query('dseCanaries')
      .withIndex('by_status', q => q.eq('status', 'running'))
      .take(BATCH);
    for (const canary of canaries) {
      const silent = now - canary.heartbeatAt > CANARY_SILENCE_MS;
      if (!silent && now < canary.endsAt) continue;
      const reason = silent ? 'No sign of life from its traffic for a minute.' : 'Its time is up.';
      await stopCanary(ctx, canary, { actor: 'watchdog', reason, requestId: 'watchdog' });
    }
    const runs = await ctx.db
      .query('dseOpsRuns')
      .withIndex('by_status', q => q.eq('status', 'running').lt('heartbeatAt', now - RUN_SILENCE_MS))
      .take(BATCH);
    for (const run of runs) {
      const counts = { passed: 0, failed: 0, flaky: 0, skipped: 0, did_not_run: 0, interrupted: 0 };
      const durationMs = run.heartbeatAt - run.startedAt;
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
  },
});
