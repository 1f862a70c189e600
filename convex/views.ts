import { v } from 'convex/values';
import type { Doc } from './_generated/dataModel.js';
import { internalQuery, type QueryCtx } from './_generated/server.js';
import { courseOf } from './canaryCourse.ts';
import { canaryById } from './canaryRows.ts';
import { jobView } from './jobView.ts';
import { soakOfCanary } from './soakRows.ts';

/**
 * What the pages read. Every query is bounded; JSON stays text here, since Convex values cannot hold every JSON key, and is
 * checked against the contract where a page takes it in (`pages/stored.ts`).
 */

/** A report may weigh a document's full 1 MiB; ten stay within what one query may read. */
const MOST_REPORTS = 10;

const vPage = { cursor: v.union(v.string(), v.null()), limit: v.number() };

/** Runs, newest first, as lists show them; of one signature, or running or with one verdict, where these are given. */
export const nights = internalQuery({
  args: { signatureId: v.union(v.string(), v.null()), outcome: v.union(v.string(), v.null()), ...vPage },
  handler: async (ctx, { signatureId, outcome, cursor, limit }) => {
    const runs = ctx.db.query('dseOpsRuns');
    if (outcome === 'running') {
      const under = runs.withIndex('by_status', q => q.eq('status', 'running')).order('desc');
      const ours = (await under.take(50)).filter(run => [run.signatureId, null].includes(signatureId));
      return { runs: ours.map(asLine), cursor: null };
    }
    const verdict = outcome;
    const chosen =
      signatureId !== null && verdict !== null
        ? runs.withIndex('by_signature_verdict', q => q.eq('signatureId', signatureId).eq('verdict', verdict))
        : signatureId !== null
          ? runs.withIndex('by_signature', q => q.eq('signatureId', signatureId))
          : verdict !== null
            ? runs.withIndex('by_verdict', q => q.eq('verdict', verdict))
            : runs.withIndex('by_started');
    const page = await chosen.order('desc').paginate({ cursor, numItems: Math.min(limit, 50) });
    return { runs: page.page.map(asLine), cursor: page.isDone ? null : page.continueCursor };
  },
});

/** A run without what its phases put on record, which may be long. */
function asLine({ phases, factsJson: _, ...run }: Doc<'dseOpsRuns'>) {
  return { ...run, phases: Object.keys(phases) };
}
export type NightRow = ReturnType<typeof asLine>;

/** One run with everything it led to, except its report, tests and events; null when there is no such run. */
export const night = internalQuery({
  args: { runId: v.string() },
  handler: async (ctx, { runId }) => {
    const run = await runOf(ctx, runId);
    if (!run) return null;
    const canaries = await ctx.db
      .query('dseCanaries')
      .withIndex('by_run', q => q.eq('runId', runId))
      .order('desc')
      .take(5);
    return {
      run,
      reportId: await reportIdOf(ctx, run),
      canaries,
      courses: await Promise.all(canaries.map(canary => courseOf(ctx, canary))),
      changes: (await Promise.all(canaries.map(({ canaryId }) => changesOf(ctx, canaryId)))).flat(),
      soak: canaries[0] ? await soakOfCanary(ctx, canaries[0].canaryId) : null,
      job: await jobUnderWay(ctx, runId),
      moves: await movesOf(ctx, run),
    };
  },
});

/** Nights that say how long one of this signature takes. */
const NIGHTS_TO_GO_BY = 5;

/** The last finished runs of a signature, newest first. */
export const earlierNights = internalQuery({
  args: { signatureId: v.string() },
  handler: async (ctx, { signatureId }) => {
    const runs = await ctx.db
      .query('dseOpsRuns')
      .withIndex('by_signature', q => q.eq('signatureId', signatureId))
      .order('desc')
      .take(2 * NIGHTS_TO_GO_BY);
    return runs.filter(run => run.status === 'finished').slice(0, NIGHTS_TO_GO_BY);
  },
});

/** Attempts of tests of a run, in order of time. */
export const nightTests = internalQuery({
  args: { runId: v.string(), ...vPage },
  handler: async (ctx, { runId, cursor, limit }) => {
    const page = await ctx.db
      .query('dseOpsRunTests')
      .withIndex('by_run', q => q.eq('runId', runId))
      .paginate({ cursor, numItems: Math.min(limit, 50) });
    return {
      tests: page.page.map(test => test.factsJson),
      cursor: page.isDone ? null : page.continueCursor,
    };
  },
});

/** Events of a run in order of time, without those that only repeat the test results. */
export const nightEvents = internalQuery({
  args: { runId: v.string(), ...vPage },
  handler: async (ctx, { runId, cursor, limit }) => {
    const page = await ctx.db
      .query('dseOpsRunEvents')
      .withIndex('by_time', q => q.eq('runId', runId))
      .paginate({ cursor, numItems: Math.min(limit, 50) });
    const events = page.page
      .filter(event => event.kind !== 'test_begin' && event.kind !== 'test_end')
      .map(({ eventId, at, kind, message, dataJson }) => ({ eventId, at, kind, message, dataJson }));
    return { events, cursor: page.isDone ? null : page.continueCursor };
  },
});

/** Compile reports as JSON text, by id; unknown ids are left out. */
export const reports = internalQuery({
  args: { reportIds: v.array(v.string()) },
  handler: async (ctx, { reportIds }) => {
    if (reportIds.length > MOST_REPORTS) throw new Error(`At most ${MOST_REPORTS} reports at once`);
    const found = await Promise.all(reportIds.map(reportId => reportRow(ctx, reportId)));
    return found.filter(report => report !== null);
  },
});

/** One receipt with its outcome, once known. */
export const receipt = internalQuery({
  args: { receiptId: v.string() },
  handler: async (ctx, { receiptId }) =>
    ctx.db
      .query('receipts')
      .withIndex('by_receipt', q => q.eq('receiptId', receiptId))
      .unique(),
});

/** Receipts that one request led to. */
export const receiptsOfRequest = internalQuery({
  args: { requestId: v.string() },
  handler: async (ctx, { requestId }) =>
    ctx.db
      .query('receipts')
      .withIndex('by_request', q => q.eq('requestId', requestId))
      .take(50),
});

/** The attempt of a test, as JSON text, in which a run made a request; null where this page of attempts has none. */
export const testOfRequest = internalQuery({
  args: { runId: v.string(), requestId: v.string(), ...vPage },
  handler: async (ctx, { runId, requestId, cursor, limit }) => {
    const quoted = JSON.stringify(requestId);
    const page = await ctx.db
      .query('dseOpsRunTests')
      .withIndex('by_run', q => q.eq('runId', runId))
      .paginate({ cursor, numItems: Math.min(limit, 50) });
    return {
      test: page.page.find(({ factsJson }) => factsJson.includes(quoted))?.factsJson ?? null,
      cursor: page.isDone ? null : page.continueCursor,
    };
  },
});

/** A compile job; null when there is no such job. */
export const job = internalQuery({
  args: { jobId: v.string() },
  handler: async (ctx, { jobId }) => {
    const found = await jobOf(ctx, jobId);
    return found && jobView(found);
  },
});

/** A canary with its course and everything that was done to it; null when there is no such canary. */
export const canary = internalQuery({
  args: { canaryId: v.string() },
  handler: async (ctx, { canaryId }) => {
    const found = await canaryById(ctx, canaryId);
    return (
      found && {
        canary: found,
        course: await courseOf(ctx, found),
        changes: await changesOf(ctx, canaryId),
        soak: await soakOfCanary(ctx, canaryId),
      }
    );
  },
});

/** One artifact by its `compiled_id`. */
export const artifact = internalQuery({
  args: { compiledId: v.string() },
  handler: async (ctx, { compiledId }) => artifactOf(ctx, compiledId),
});

/** State changes of a canary and its soak, oldest first. */
async function changesOf(ctx: QueryCtx, canaryId: string) {
  const rows = await ctx.db
    .query('dseCanaryHistory')
    .withIndex('by_canary', q => q.eq('canaryId', canaryId))
    .take(50);
  return rows.map(({ action, actor, reason, percent, at }) => ({
    canaryId,
    action,
    actor,
    reason,
    percent,
    at,
  }));
}

/** A run, or null. */
export function runOf(ctx: QueryCtx, runId: string) {
  return ctx.db
    .query('dseOpsRuns')
    .withIndex('by_run', q => q.eq('runId', runId))
    .unique();
}

/** The compile that works for a run, or null. */
export async function jobUnderWay(ctx: QueryCtx, runId: string) {
  const running = await ctx.db
    .query('dseCompileJobs')
    .withIndex('by_status', q => q.eq('status', 'running'))
    .take(50);
  return running.find(job => job.runId === runId) ?? null;
}

/** A compile report as it is stored, or null. */
export function reportRow(ctx: QueryCtx, reportId: string) {
  return ctx.db
    .query('dseCompileReports')
    .withIndex('by_report', q => q.eq('reportId', reportId))
    .unique();
}

/** A compile job, or null. */
export function jobOf(ctx: QueryCtx, jobId: string) {
  return ctx.db
    .query('dseCompileJobs')
    .withIndex('by_job', q => q.eq('jobId', jobId))
    .unique();
}

function artifactOf(ctx: QueryCtx, compiledId: string) {
  return ctx.db
    .query('dseArtifacts')
    .withIndex('by_compiled', q => q.eq('compiledId', compiledId))
    .unique();
}

/** Moves of the pointer that this run made. */
async function movesOf(ctx: QueryCtx, { signatureId, runId, startedAt }: Doc<'dseOpsRuns'>) {
  if (signatureId === null) return [];
  const since = await ctx.db
    .query('dseActiveArtifactHistory')
    .withIndex('by_signature', q => q.eq('signatureId', signatureId).gte('at', startedAt))
    .take(100);
  return since.filter(move => move.runId === runId);
}

/** The report a run compiled or joined: named by its compile phase, else by its canary. */
async function reportIdOf(ctx: QueryCtx, run: Doc<'dseOpsRuns'>): Promise<string | null> {
  const facts: { reportId?: unknown; jobId?: unknown } | null = JSON.parse(
    run.phases.compile?.factsJson ?? 'null',
  );
  if (typeof facts?.reportId === 'string') return facts.reportId;
  if (typeof facts?.jobId === 'string') {
    const { jobId } = facts as { jobId: string };
    const job = await jobOf(ctx, jobId);
    if (job?.reportId) return job.reportId;
  }
  const canary = await ctx.db
    .query('dseCanaries')
    .withIndex('by_run', q => q.eq('runId', run.runId))
    .first();
  return canary?.reportId ?? null;
}
