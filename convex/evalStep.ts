import { v } from 'convex/values';
import { evalReportSchema } from '../loop/contract/eval.ts';
import type { Json } from '../loop/contract/json.ts';
import type { Artifact } from '../loop/contract/params.ts';
import { type EvalExample, findingsOf } from '../loop/reward/evalReport.ts';
import { rewardJudgedBy, rewardOf } from '../loop/reward/rewards.ts';
import { compiledIdOf } from '../loop/signature.ts';
import { internal } from './_generated/api.js';
import { type ActionCtx, internalAction, internalMutation, internalQuery } from './_generated/server.js';
import { artifactByCompiledId, knownSignature } from './artifacts.ts';
import { putBlob } from './blobs.ts';
import { rowsOf, rowView } from './datasets.ts';
import { configuredModels } from './deployment.ts';
import { dayOf, reportBlobId, takeUp } from './evals.ts';
import { failureOf } from './failure.ts';
import { type EvalDoc, evalById } from './ledger.ts';
import { noteInRun } from './opsRunEvents.ts';
import { Scorer, StepOver } from './scorer.ts';

const vStep = { evalId: v.string(), generation: v.number() };

/** One step of an evaluation. It starts from the top and finds its paid calls in the ledger. */
export const run = internalAction({
  args: vStep,
  handler: async (ctx, step) => {
    try {
      await evaluate(ctx, step);
    } catch (error) {
      if (error instanceof StepOver) {
        if (error.why === 'time') await ctx.runMutation(internal.evalStep.goOn, step);
        return;
      }
      console.error(error);
      const known = failureOf(error);
      const said = error instanceof Error ? error.message : String(error);
      await ctx.runMutation(internal.evalStep.giveUp, {
        ...step,
        code: known?.code ?? 'internal',
        message: known?.message ?? `The evaluation stopped: ${said}`,
      });
    }
  },
});

async function evaluate(ctx: ActionCtx, step: { evalId: string; generation: number }): Promise<void> {
  const loaded = await ctx.runQuery(internal.evalStep.load, step);
  if (!loaded) return;
  const { row, artifact } = loaded;
  const signature = knownSignature(row.signatureId);
  const reward = rewardOf(signature);
  if (!reward) throw new Error(`${signature.id} names no reward`);
  const rows: EvalExample[] = loaded.rows.map(({ inputJson, expectedJson, ...rest }) => ({
    ...rest,
    input: JSON.parse(inputJson) as Json,
    expected: JSON.parse(expectedJson) as Json,
  }));
  const models = configuredModels();
  const scorer = new Scorer({
    ctx,
    signature,
    reward,
    models,
    job: { jobId: row.evalId, generation: step.generation, runId: row.runId },
    progress: { ...JSON.parse(row.progressJson), cachedCalls: 0 },
    day: dayOf(row.split, row.at),
  });
  await scorer.during(async () => {
    const scores = await scorer.score(artifact, rows, 'eval');
    await scorer.requireAnswers(artifact, scores);
    await scorer.flush();
    const { modelCalls, cachedCalls, tokens, costUsd } = scorer.progress;
    const now = Date.now();
    const report = evalReportSchema.parse({
      evalId: row.evalId,
      signatureId: signature.id,
      compiledId: row.compiledId,
      datasetHash: row.datasetHash,
      split: row.split,
      reward: reward.name,
      kind: reward.kind,
      model: artifact.params.models.main,
      judge: reward.judge && { compiledId: compiledIdOf(reward.judge.artifact(models)), model: models.judge },
      ...findingsOf(signature, artifact, reward, rows, scores, rewardJudgedBy(signature.id) !== null),
      progress: { rows: rows.length, modelCalls, cachedCalls, tokens, costUsd },
      createdAt: now,
      durationMs: now - row.at,
    });
    await ctx.runMutation(internal.evalStep.finish, {
      ...step,
      reportJson: JSON.stringify(report),
      score: report.score.mean,
      progressJson: JSON.stringify(scorer.progress),
    });
  });
}

interface Loaded {
  row: EvalDoc;
  artifact: Artifact;
  rows: { exampleId: string; contentHash: string; inputJson: string; expectedJson: string; tags: string[] }[];
}

/** What a step needs to begin, or null when another step has taken over. The holdout is no split of an evaluation. */
export const load = internalQuery({
  args: vStep,
  handler: async (ctx, { evalId, generation }): Promise<Loaded | null> => {
    const row = await evalById(ctx, evalId);
    if (row?.generation !== generation || row.status !== 'running') return null;
    const splits = row.split === 'anchors' ? (['train', 'dev', 'canary'] as const) : ([row.split] as const);
    const rows = [];
    for (const split of splits) rows.push(...(await rowsOf(ctx, row, split)));
    return {
      row,
      artifact: await artifactByCompiledId(ctx, row.compiledId),
      rows: rows.map(example => ({ ...rowView(example), tags: example.tags })),
    };
  },
});

/** Ends an evaluation with its report. */
export const finish = internalMutation({
  args: { ...vStep, reportJson: v.string(), score: v.number(), progressJson: v.string() },
  handler: async (ctx, { evalId, generation, reportJson, score, progressJson }) => {
    const row = await evalById(ctx, evalId);
    if (row?.generation !== generation || row.status !== 'running') return;
    await putBlob(ctx, reportBlobId(evalId), reportJson);
    await ctx.db.patch(row._id, { status: 'done', score, progressJson, finishedAt: Date.now() });
    await noteInRun(ctx, row.runId, {
      key: `eval:${evalId}:done`,
      message: `Evaluated on ${row.split}: mean score ${(score * 100).toFixed(1)} % of ${row.rows} rows.`,
      data: { evalId, compiledId: row.compiledId },
    });
  },
});

/** Ends an evaluation that cannot go on. */
export const giveUp = internalMutation({
  args: { ...vStep, code: v.string(), message: v.string() },
  handler: async (ctx, { evalId, generation, code, message }) => {
    const row = await evalById(ctx, evalId);
    if (row?.generation !== generation || row.status !== 'running') return;
    await ctx.db.patch(row._id, { status: 'failed', finishedAt: Date.now(), error: { code, message } });
    await noteInRun(ctx, row.runId, { key: `eval:${evalId}:${generation}:failed`, message, data: { code } });
  },
});

/** Schedules the next step when this one has worked long enough. */
export const goOn = internalMutation({
  args: vStep,
  handler: async (ctx, { evalId, generation }) => {
    const row = await evalById(ctx, evalId);
    if (row?.generation === generation && row.status === 'running') await takeUp(ctx, row);
  },
});
