import { v } from 'convex/values';
import { contentHash } from '../loop/contentHash.ts';
import { type JobProgress, jobProgressSchema } from '../loop/contract/compile.ts';
import type { EvalJob } from '../loop/contract/eval.ts';
import type { Artifact } from '../loop/contract/params.ts';
import { candidateKeyOf } from '../loop/reward/candidateKey.ts';
import { judgeRefusal, rewardJudgedBy, rewardOf } from '../loop/reward/rewards.ts';
import {
  compiledIdOf,
  defaultArtifact,
  incompatibility,
  type Models,
  type Signature,
} from '../loop/signature.ts';
import { internal } from './_generated/api.js';
import { internalMutation, internalQuery, type MutationCtx, type QueryCtx } from './_generated/server.js';
import { activeArtifact, artifactByCompiledId, knownSignature, storeArtifact } from './artifacts.ts';
import { getBlob } from './blobs.ts';
import { isDead } from './compileJobs.ts';
import { currentRevision } from './datasets.ts';
import { configuredModels } from './deployment.ts';
import { failure } from './failure.ts';
import { type EvalDoc, evalById } from './ledger.ts';

/** An evaluation of more rows than this is refused: its report could not be read at once. */
const MOST_ROWS = 5_000;

const vSplit = v.union(v.literal('train'), v.literal('dev'), v.literal('canary'), v.literal('anchors'));

const nothingDone: JobProgress = {
  phase: 'report',
  candidates: 1,
  modelCalls: 0,
  cachedCalls: 0,
  tokens: 0,
  costUsd: 0,
  best: null,
};

/** Starts an evaluation, or rejoins the same one: done, it costs nothing; dead, failed or cancelled, it goes on where it was. */
export const start = internalMutation({
  args: {
    signatureId: v.string(),
    artifact: v.string(),
    split: vSplit,
    runId: v.union(v.string(), v.null()),
    newEvalId: v.string(),
  },
  handler: async (ctx, { signatureId, artifact: asked, split, runId, newEvalId }) => {
    const signature = knownSignature(signatureId);
    const models = configuredModels();
    const artifact = await artifactToEvaluate(ctx, signature, asked, models);
    const reward = rewardOf(signature);
    if (!reward)
      throw failure('bad_request', `${signatureId} names no reward, so its answers cannot be scored.`);
    const judged = rewardJudgedBy(signatureId);
    const refusal = judgeRefusal(judged ?? reward, models);
    if (refusal !== null) throw failure('judge_same_model', refusal);
    if ((split === 'anchors') !== (judged !== null))
      throw failure(
        'bad_request',
        judged
          ? `${signatureId} is a judge: its rows are anchors, so evaluate it on \`anchors\`.`
          : `${signatureId} is no judge, so it has no anchors. Evaluate it on train, dev or canary.`,
      );
    const revision = await currentRevision(ctx, signatureId);
    const { counts } = revision ?? { counts: { train: 0, dev: 0, canary: 0 } };
    const rows = split === 'anchors' ? counts.train + counts.dev + counts.canary : counts[split];
    if (!revision || rows === 0)
      throw failure(
        'no_dataset',
        `There are no ${split} rows of ${signatureId} to evaluate on. Import some first: POST /api/dse/examples/import.`,
      );
    if (rows > MOST_ROWS)
      throw failure('too_large', `An evaluation takes at most ${MOST_ROWS} rows; ${split} has ${rows}.`);
    const { datasetHash } = revision;
    // A judge is measured to see whether it moves: what it said on another day does not count.
    const day = dayOf(split, Date.now());
    const evalKey = contentHash({
      candidateKey: candidateKeyOf(artifact, reward, models, day),
      datasetHash,
      split,
    });
    const known = await ctx.db
      .query('dseEvalReports')
      .withIndex('by_eval_key', q => q.eq('evalKey', evalKey))
      .first();
    if (known?.kind === 'eval') {
      const over = known.status === 'failed' || known.status === 'cancelled';
      if (over || (await isDead(ctx, known))) await takeUp(ctx, known);
      return { eval: evalView((await evalById(ctx, known.evalId)) ?? known), created: false };
    }
    const compiledId = await storeArtifact(ctx, artifact);
    if (reward.judge) await storeArtifact(ctx, reward.judge.artifact(models));
    const now = Date.now();
    const id = await ctx.db.insert('dseEvalReports', {
      kind: 'eval',
      evalId: newEvalId,
      evalKey,
      signatureId,
      compiledId,
      datasetHash,
      split,
      runId,
      status: 'queued',
      rows,
      progressJson: JSON.stringify(nothingDone),
      heartbeatAt: now,
      generation: 0,
      stepId: null,
      error: null,
      score: null,
      at: now,
      finishedAt: null,
    });
    const row = await evalById(ctx, newEvalId);
    if (!row) throw failure('internal', `The evaluation ${id} was not stored.`);
    await takeUp(ctx, row);
    return { eval: evalView((await evalById(ctx, newEvalId)) ?? row), created: true };
  },
});

/** The artifact that a request names. A judge runs as it is pinned, and as nothing else. */
async function artifactToEvaluate(
  ctx: QueryCtx,
  signature: Signature,
  asked: string,
  models: Models,
): Promise<Artifact> {
  const judge = rewardJudgedBy(signature.id)?.judge;
  if (judge) {
    const pinned = judge.artifact(models);
    if (asked !== 'active' && asked !== compiledIdOf(pinned))
      throw failure('bad_request', `${signature.id} is a pinned judge: leave \`artifact\` out.`);
    return pinned;
  }
  if (asked === 'active') return (await activeArtifact(ctx, signature)).artifact;
  if (asked === 'default') return defaultArtifact(signature, models);
  const artifact = await artifactByCompiledId(ctx, asked);
  const misfit = incompatibility(signature, artifact);
  if (misfit !== null)
    throw failure('artifact_incompatible', `Artifact ${asked} does not fit ${signature.id}: ${misfit}.`);
  return artifact;
}

/** The day of a measurement, such as `2026-05-12`; null where old answers count as well as new ones. */
export function dayOf(split: string, at: number): string | null {
  return split === 'anchors' ? new Date(at).toISOString().slice(0, 10) : null;
}

/** Schedules the next step of an evaluation under a new generation; a step of the old one stops at its next write. */
export async function takeUp(ctx: MutationCtx, row: EvalDoc): Promise<void> {
  const generation = row.generation + 1;
  const stepId = await ctx.scheduler.runAfter(0, internal.evalStep.run, { evalId: row.evalId, generation });
  const fresh = { status: 'running', heartbeatAt: Date.now(), error: null, finishedAt: null } as const;
  await ctx.db.patch(row._id, { ...fresh, generation, stepId });
}

/** Stops an evaluation at its next write; what was paid for is kept. One that is over stays as it is. */
export const cancel = internalMutation({
  args: { evalId: v.string() },
  handler: async (ctx, { evalId }): Promise<EvalJob> => {
    const row = await knownEval(ctx, evalId);
    if (row.status === 'queued' || row.status === 'running')
      await ctx.db.patch(row._id, { status: 'cancelled', finishedAt: Date.now() });
    return evalView(await knownEval(ctx, evalId));
  },
});

/** An evaluation with its report, once there is one; null when there is no such evaluation. */
export const view = internalQuery({
  args: { evalId: v.string() },
  handler: async (ctx, { evalId }): Promise<{ eval: EvalJob; reportJson: string | null } | null> => {
    const row = await evalById(ctx, evalId);
    return row && { eval: evalView(row), reportJson: await getBlob(ctx, reportBlobId(evalId)) };
  },
});

/** Where the report of an evaluation lies. */
export function reportBlobId(evalId: string): string {
  return `eval:${evalId}`;
}

async function knownEval(ctx: QueryCtx, evalId: string): Promise<EvalDoc> {
  const row = await evalById(ctx, evalId);
  if (!row) throw failure('unknown_eval', `There is no evaluation ${evalId}.`);
  return row;
}

/** An evaluation as the API shows it. */
function evalView(row: EvalDoc): EvalJob {
  const { evalId, signatureId, compiledId, datasetHash, split, status, rows, finishedAt, error } = row;
  const { modelCalls, cachedCalls, tokens, costUsd } = jobProgressSchema.parse(JSON.parse(row.progressJson));
  const progress = { rows, modelCalls, cachedCalls, tokens, costUsd };
  return {
    evalId,
    signatureId,
    compiledId,
    datasetHash,
    split,
    status,
    progress,
    startedAt: row.at,
    finishedAt,
    error,
  };
}
