import type { FunctionReference } from 'convex/server';
import { v } from 'convex/values';
import * as z from 'zod';
import { type JobSpec, jobHashOf, jobSpecOf, leastRows } from '../loop/compile/jobSpec.ts';
import { rowsKept } from '../loop/compile/purse.ts';
import {
  type CompileJob,
  type CompileReport,
  compileReportSchema,
  type JobProgress,
} from '../loop/contract/compile.ts';
import { type Artifact, artifactSchema } from '../loop/contract/params.ts';
import { judgeRefusal, rewardOf } from '../loop/reward/rewards.ts';
import { defaultArtifact } from '../loop/signature.ts';
import { internal } from './_generated/api.js';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, internalQuery, type MutationCtx, type QueryCtx } from './_generated/server.js';
import { activeArtifact, artifactByCompiledId, knownSignature, storeArtifact } from './artifacts.ts';
import { currentRevision } from './datasets.ts';
import { compileLimits, configuredModels } from './deployment.ts';
import { failure } from './failure.ts';
import { jobView } from './jobView.ts';
import { noteInRun } from './opsRunEvents.ts';

// A step beats at least every second while it works.
const DEAD_AFTER_MS = 15_000;

type StepReference = FunctionReference<'action', 'internal', { jobId: string; generation: number }>;

const nothingDone: JobProgress = {
  phase: 'search',
  candidates: 0,
  modelCalls: 0,
  cachedCalls: 0,
  tokens: 0,
  costUsd: 0,
  best: null,
};

/** Starts the compile of a signature's job, or rejoins it: two starts at once, or a start after a kill, do the work once. */
export const start = internalMutation({
  args: { signatureId: v.string(), runId: v.union(v.string(), v.null()), newJobId: v.string() },
  handler: async (ctx, { signatureId, runId, newJobId }): Promise<{ job: CompileJob; created: boolean }> => {
    const signature = knownSignature(signatureId);
    if (!signature.search)
      throw failure(
        'bad_request',
        `${signatureId} has no search space in loop/catalog, so it cannot be compiled.`,
      );
    const revision = await currentRevision(ctx, signatureId);
    if (!revision)
      throw failure(
        'no_dataset',
        `No examples of ${signatureId} are stored. Import a data set first: POST /api/dse/examples/import.`,
      );
    requireRows(revision.counts);
    const control = await activeArtifact(ctx, signature);
    const models = configuredModels();
    const reward = rewardOf(signature);
    const refusal = judgeRefusal(reward, models);
    if (refusal !== null) throw failure('judge_same_model', refusal);
    const spec = jobSpecOf(signature, models, control.compiledId, compileLimits());
    requireMeans(spec, revision.counts);
    const jobHash = jobHashOf(spec);
    const known = await ctx.db
      .query('dseCompileJobs')
      .withIndex('by_hash', q => q.eq('jobHash', jobHash).eq('datasetHash', revision.datasetHash))
      .first();
    if (known) {
      const over = known.status === 'failed' || known.status === 'cancelled';
      if (over || (known.status !== 'done' && (await isDead(ctx, known))))
        await takeUp(ctx, known, internal.compileStep.run);
      return { job: jobView((await ctx.db.get(known._id)) ?? known), created: false };
    }
    // Whatever the job names can be read by its id.
    const judge = reward?.judge?.artifact(models);
    for (const artifact of [control.artifact, defaultArtifact(signature, models), judge])
      if (artifact) await storeArtifact(ctx, artifact);
    const now = Date.now();
    const id = await ctx.db.insert('dseCompileJobs', {
      jobId: newJobId,
      signatureId,
      jobHash,
      datasetHash: revision.datasetHash,
      controlCompiledId: control.compiledId,
      runId,
      status: 'queued',
      progressJson: JSON.stringify(nothingDone),
      heartbeatAt: now,
      generation: 0,
      stepId: null,
      startedAt: now,
      finishedAt: null,
      stopReason: null,
      error: null,
      reportId: null,
    });
    const job = await ctx.db.get(id);
    if (!job) throw failure('internal', 'The job was not stored.');
    await takeUp(ctx, job, internal.compileStep.run);
    return { job: jobView((await ctx.db.get(id)) ?? job), created: true };
  },
});

function requireRows(counts: Doc<'dseDatasetRevisions'>['counts']): void {
  const total = counts.train + counts.dev + counts.holdout + counts.canary;
  const have = `train ${counts.train}, dev ${counts.dev}, holdout ${counts.holdout}, canary ${counts.canary}`;
  if (counts.holdout < leastRows.holdout)
    throw failure(
      'holdout_too_small',
      `A compile needs at least ${leastRows.holdout} holdout rows, ${leastRows.advisedHoldout} are advised; the data set has ${have}.`,
    );
  if (total < leastRows.total || counts.train < leastRows.train || counts.dev < leastRows.dev)
    throw failure(
      'no_dataset',
      `A compile needs at least ${leastRows.total} rows, ${leastRows.train} of them train and ${leastRows.dev} dev; the data set has ${have}.`,
    );
}

/** Refuses a limit that would end the job before anything could be compared: nothing would come of what it spends. */
function requireMeans(spec: JobSpec, { train, dev, holdout }: Doc<'dseDatasetRevisions'>['counts']): void {
  const { calls } = spec.limits;
  const least = train + rowsKept(spec.finalists, dev, holdout);
  if (calls !== null && calls < least)
    throw failure(
      'limit_too_low',
      `OVERNIGHT_MAX_CALLS is ${calls}, and control, pick and gate alone need ${least} calls on this data set. Raise it, or unset it.`,
    );
}

/** Whether a job that should be working is not: its step is over, or silent for too long. */
export async function isDead(
  ctx: QueryCtx,
  job: Pick<Doc<'dseCompileJobs'>, 'status' | 'stepId' | 'heartbeatAt'>,
): Promise<boolean> {
  if (job.status !== 'running' && job.status !== 'queued') return false;
  const step = job.stepId && (await ctx.db.system.get(job.stepId));
  if (!step) return true;
  if (step.state.kind === 'pending') return false;
  return step.state.kind !== 'inProgress' || Date.now() - job.heartbeatAt > DEAD_AFTER_MS;
}

/** Schedules the next step of a job under a new generation; a step of the old one stops at its next write. */
export async function takeUp(
  ctx: MutationCtx,
  job: Doc<'dseCompileJobs'>,
  step: StepReference,
): Promise<void> {
  const generation = job.generation + 1;
  const stepId = await ctx.scheduler.runAfter(0, step, { jobId: job.jobId, generation });
  await ctx.db.patch(job._id, {
    status: 'running',
    generation,
    stepId,
    heartbeatAt: Date.now(),
    error: null,
    stopReason: null,
    finishedAt: null,
  });
}

async function jobById(ctx: QueryCtx, jobId: string): Promise<Doc<'dseCompileJobs'>> {
  const job = await ctx.db
    .query('dseCompileJobs')
    .withIndex('by_job', q => q.eq('jobId', jobId))
    .first();
  if (!job) throw failure('unknown_job', `There is no compile job ${jobId}.`);
  return job;
}

/** What a step needs to begin, or null when another step has taken over. */
export const load = internalQuery({
  args: { jobId: v.string(), generation: v.number() },
  handler: async (
    ctx,
    { jobId, generation },
  ): Promise<{
    job: CompileJob;
    runId: string | null;
    spec: JobSpec;
    control: Artifact;
  } | null> => {
    const job = await jobById(ctx, jobId);
    if (job.generation !== generation || job.status !== 'running') return null;
    const spec = jobSpecOf(
      knownSignature(job.signatureId),
      configuredModels(),
      job.controlCompiledId,
      compileLimits(),
    );
    if (jobHashOf(spec) !== job.jobHash)
      throw failure(
        'gate_report_stale',
        'The job has changed since it was started: the signature, search or model is another.',
      );
    return {
      job: jobView(job),
      runId: job.runId,
      spec,
      control: await artifactByCompiledId(ctx, job.controlCompiledId),
    };
  },
});

/** Ends a job with its report and keeps the artifact of every candidate, so that what was rejected can be read too. */
export const finish = internalMutation({
  args: { jobId: v.string(), generation: v.number(), reportJson: v.string(), artifactsJson: v.string() },
  handler: async (ctx, { jobId, generation, reportJson, artifactsJson }) => {
    const job = await jobById(ctx, jobId);
    if (job.generation !== generation || job.status !== 'running') return;
    const report = compileReportSchema.parse(JSON.parse(reportJson));
    for (const artifact of z.array(artifactSchema).parse(JSON.parse(artifactsJson)))
      await storeArtifact(ctx, artifact);
    await ctx.db.insert('dseCompileReports', {
      reportId: report.reportId,
      signatureId: report.signatureId,
      jobHash: report.jobHash,
      datasetHash: report.datasetHash,
      controlCompiledId: report.controlCompiledId,
      winnerCompiledId: report.winnerCompiledId,
      decision: report.decision,
      reportJson,
      createdAt: report.createdAt,
    });
    await ctx.db.patch(job._id, {
      status: 'done',
      reportId: report.reportId,
      finishedAt: Date.now(),
      progressJson: JSON.stringify(report.progress),
      stopReason: report.stopReason,
    });
    await noteInRun(ctx, job.runId, {
      key: `compile:${jobId}:done`,
      message: report.reason,
      data: { reportId: report.reportId },
    });
  },
});

/** Ends a job that cannot go on. */
export const giveUp = internalMutation({
  args: { jobId: v.string(), generation: v.number(), code: v.string(), message: v.string() },
  handler: async (ctx, { jobId, generation, code, message }) => {
    const job = await jobById(ctx, jobId);
    if (job.generation !== generation || job.status !== 'running') return;
    await ctx.db.patch(job._id, {
      status: 'failed',
      finishedAt: Date.now(),
      error: { code, message },
      stopReason: message,
    });
    await noteInRun(ctx, job.runId, {
      key: `compile:${jobId}:${generation}:failed`,
      message,
      data: { code },
    });
  },
});

/** Schedules the next step when this one has worked long enough. */
export const goOn = internalMutation({
  args: { jobId: v.string(), generation: v.number() },
  handler: async (ctx, { jobId, generation }) => {
    const job = await jobById(ctx, jobId);
    if (job.generation === generation && job.status === 'running')
      await takeUp(ctx, job, internal.compileStep.run);
  },
});

/** Stops a job at its next write. A job that is over stays as it is. */
export const cancel = internalMutation({
  args: { jobId: v.string() },
  handler: async (ctx, { jobId }): Promise<CompileJob> => {
    const job = await jobById(ctx, jobId);
    if (job.status === 'queued' || job.status === 'running')
      await ctx.db.patch(job._id, { status: 'cancelled', finishedAt: Date.now(), stopReason: 'Cancelled.' });
    return jobView((await ctx.db.get(job._id)) ?? job);
  },
});

/** A job with its report and winner, once there are any. */
export const view = internalQuery({
  args: { jobId: v.string() },
  handler: async (
    ctx,
    { jobId },
  ): Promise<{ job: CompileJob; report: CompileReport | null; winner: Artifact | null }> => {
    const job = await jobById(ctx, jobId);
    const { reportId } = job;
    const stored =
      reportId === null
        ? null
        : await ctx.db
            .query('dseCompileReports')
            .withIndex('by_report', q => q.eq('reportId', reportId))
            .first();
    const report = stored && compileReportSchema.parse(JSON.parse(stored.reportJson));
    return {
      job: jobView(job),
      report,
      winner: report && (await artifactByCompiledId(ctx, report.winnerCompiledId)),
    };
  },
});
