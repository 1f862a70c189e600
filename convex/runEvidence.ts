import { phases } from '../loop/contract/phase.ts';
import type { Doc } from './_generated/dataModel.js';
import type { QueryCtx } from './_generated/server.js';

/** An ops run by its id, or null. */
export async function runById(ctx: QueryCtx, runId: string): Promise<Doc<'dseOpsRuns'> | null> {
  return await ctx.db
    .query('dseOpsRuns')
    .withIndex('by_run', q => q.eq('runId', runId))
    .first();
}

const beforePromote = phases.slice(0, phases.indexOf('promote'));

/** Phases that must stand before a promotion and have no record for the run. */
export async function missingPhases(ctx: QueryCtx, runId: string): Promise<string[]> {
  const run = await runById(ctx, runId);
  return beforePromote.filter(phase => !run?.phases[phase]);
}

/** The last attempt of every test of a run: a resumed night replaces what failed before it was resumed. */
export async function lastAttempts(ctx: QueryCtx, runId: string): Promise<Doc<'dseOpsRunTests'>[]> {
  const attempts = await ctx.db
    .query('dseOpsRunTests')
    .withIndex('by_run', q => q.eq('runId', runId))
    .collect();
  return [...new Map(attempts.map(attempt => [attempt.testId, attempt])).values()];
}

/** Titles of the tests whose last attempt in this run failed. */
export async function failedTests(ctx: QueryCtx, runId: string): Promise<string[]> {
  const last = await lastAttempts(ctx, runId);
  return last
    .filter(test => test.outcome === 'failed' || test.outcome === 'interrupted')
    .map(test => test.title);
}
