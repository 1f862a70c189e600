import { v } from 'convex/values';
import { gateReport } from '../loop/compile/gateReport.ts';
import { labelled } from '../loop/compile/labelled.ts';
import { promptDiff } from '../loop/compile/promptDiff.ts';
import { reportHashOf } from '../loop/compile/reportHash.ts';
import { search } from '../loop/compile/search.ts';
import { type CompileReport, type GateReport, gateReportSchema } from '../loop/contract/compile.ts';
import type { Json } from '../loop/contract/json.ts';
import type { Artifact } from '../loop/contract/params.ts';
import { render } from '../loop/predict/render.ts';
import type { Reward } from '../loop/reward/reward.ts';
import { rewardOf } from '../loop/reward/rewards.ts';
import { compiledIdOf, type Signature } from '../loop/signature.ts';
import { powerSentence } from '../loop/stats/powerSentence.ts';
import { internal } from './_generated/api.js';
import { type ActionCtx, internalAction } from './_generated/server.js';
import { knownSignature } from './artifacts.ts';
import { failureOf } from './failure.ts';
import { Scorer, StepOver } from './scorer.ts';

/** One step of a compile: search, pick, gate, report. It starts from the top and finds its paid calls in the ledger. */
export const run = internalAction({
  args: { jobId: v.string(), generation: v.number() },
  handler: async (ctx, { jobId, generation }) => {
    try {
      await compile(ctx, jobId, generation);
    } catch (error) {
      if (error instanceof StepOver) {
        if (error.why === 'time') await ctx.runMutation(internal.compileJobs.goOn, { jobId, generation });
        return;
      }
      console.error(error);
      const known = failureOf(error);
      await ctx.runMutation(internal.compileJobs.giveUp, {
        jobId,
        generation,
        code: known?.code ?? 'internal',
        message:
          known?.message ?? `The compile stopped: ${error instanceof Error ? error.message : String(error)}`,
      });
    }
  },
});

async function compile(ctx: ActionCtx, jobId: string, generation: number): Promise<void> {
  const loaded = await ctx.runQuery(internal.compileJobs.load, { jobId, generation });
  if (!loaded) return;
  const { job, spec, control, runId } = loaded;
  const signature = knownSignature(job.signatureId);
  const reward = rewardOf(signature);
  if (!reward) throw new Error(`${signature.id} names no reward`);
  const { datasetHash } = job;
  const scorer = new Scorer({
    ctx,
    signature,
    reward,
    models: spec.models,
    job: { jobId, generation, runId },
    progress: { ...job.progress, phase: 'search', candidates: 0, cachedCalls: 0 },
    limits: spec.limits,
  });
  await scorer.during(async () => {
    const rowsOf = async (split: 'train' | 'dev') =>
      (
        await ctx.runQuery(internal.datasets.searchRows, { signatureId: signature.id, datasetHash, split })
      ).map(labelled);
    const [train, dev] = [await rowsOf('train'), await rowsOf('dev')];
    const { holdout: holdoutRows } = await ctx.runQuery(internal.datasets.counts, {
      signatureId: signature.id,
      datasetHash,
    });
    const { winner, candidates, artifacts, setAside, stopReason } = await search({
      signature,
      spec,
      control,
      train,
      dev,
      holdoutRows,
      score: async (asked, split) => {
        scorer.progress = { ...scorer.progress, phase: split === 'dev' ? 'pick' : 'search' };
        const all = await scorer.scoreAll(asked, 'search');
        // What answers today must be able to answer; a candidate that gets no answers has only lost.
        for (const [i, scores] of all.entries())
          if (asked[i]?.artifact === control) await scorer.requireAnswers(control, scores);
        return all;
      },
      propose: failures => scorer.propose(failures),
      onCandidate: async (count, best) => {
        scorer.progress = { ...scorer.progress, candidates: count, best };
      },
    });
    const winnerId = compiledIdOf(winner);
    const isNew = winnerId !== job.controlCompiledId;
    scorer.progress = { ...scorer.progress, phase: 'gate' };
    const gate = isNew
      ? await passGate(ctx, scorer, signature, { control, winner, spec, reward, datasetHash, jobId, runId })
      : null;
    scorer.progress = { ...scorer.progress, phase: 'report' };
    await scorer.flush();

    const found: Omit<CompileReport, 'reportHash'> = {
      reportId: `rep_${jobId}_${generation}`,
      jobId,
      jobHash: job.jobHash,
      datasetHash,
      signatureId: signature.id,
      model: spec.models.main,
      spec: JSON.parse(JSON.stringify(spec)) as Json,
      controlCompiledId: job.controlCompiledId,
      winnerCompiledId: winnerId,
      decision: gate?.passed ? 'improved' : 'kept',
      reason: gate ? gate.reason : 'Nothing scored higher on dev than the artifact that is active today.',
      power: powerSentence({ holdout: gate?.n ?? 0, alpha: gate?.alpha ?? spec.alpha }),
      splits: { train: train.length, dev: dev.length, ...(gate ? { holdout: gate.n } : {}) },
      candidates: [...candidates],
      gate,
      promptDiff: promptDiff(promptText(signature, control), promptText(signature, winner)),
      setAside: [...setAside],
      stopReason,
      progress: scorer.progress,
      createdAt: Date.now(),
      durationMs: Date.now() - job.startedAt,
    };
    const report: CompileReport = { ...found, reportHash: reportHashOf(found) };
    await ctx.runMutation(internal.compileJobs.finish, {
      jobId,
      generation,
      reportJson: JSON.stringify(report),
      artifactsJson: JSON.stringify(artifacts),
    });
  });
}

interface GateTerms {
  control: Artifact;
  winner: Artifact;
  spec: { alpha: number; seed: string };
  reward: Reward;
  datasetHash: string;
  jobId: string;
  runId: string | null;
}

/** Opens the holdout for this pair, unless it was decided before, and decides. */
async function passGate(
  ctx: ActionCtx,
  scorer: Scorer,
  signature: Signature,
  terms: GateTerms,
): Promise<GateReport> {
  const { control, winner, spec, reward, datasetHash, jobId, runId } = terms;
  const key = {
    signatureId: signature.id,
    datasetHash,
    controlCompiledId: compiledIdOf(control),
    candidateCompiledId: compiledIdOf(winner),
  };
  const opened = await ctx.runMutation(internal.gate.open, { ...key, budget: spec.alpha, jobId, runId });
  if (opened.decidedJson !== null) return gateReportSchema.parse(JSON.parse(opened.decidedJson));
  const holdout = opened.rows.map(labelled);
  const [before = new Map(), after = new Map()] = await scorer.scoreAll(
    [
      { artifact: control, rows: holdout },
      { artifact: winner, rows: holdout },
    ],
    'gate',
  );
  await scorer.requireAnswers(control, before);
  await scorer.requireAnswers(winner, after);
  const gate = gateReport(signature, holdout, before, after, {
    alpha: opened.alpha,
    opening: opened.opening,
    seed: spec.seed,
    kind: reward.kind,
  });
  const decidedJson = await ctx.runMutation(internal.gate.decide, { ...key, gateJson: JSON.stringify(gate) });
  return gateReportSchema.parse(JSON.parse(decidedJson));
}

/** The prompt as text, without an input: what people compare. */
function promptText(signature: Signature, artifact: Artifact): string {
  const { messages } = render(signature, artifact.params, {});
  return messages
    .slice(0, -1)
    .map(message => (message.role === 'system' ? message.content : `[${message.role}] ${message.content}`))
    .join('\n');
}
