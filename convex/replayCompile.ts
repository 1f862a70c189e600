import { canonicalJson } from '../loop/canonicalJson.ts';
import { gateReport } from '../loop/compile/gateReport.ts';
import { type JobSpec, jobHashOf } from '../loop/compile/jobSpec.ts';
import { answersIn } from '../loop/compile/keptAnswers.ts';
import { type ItemScore, type LabelledExample, labelled, type Scores } from '../loop/compile/labelled.ts';
import { type Failures, proposedWords, proposerKey } from '../loop/compile/proposer.ts';
import { search } from '../loop/compile/search.ts';
import { contentHash } from '../loop/contentHash.ts';
import { type CompileReport, gateReportSchema } from '../loop/contract/compile.ts';
import type { Json } from '../loop/contract/json.ts';
import type { Artifact } from '../loop/contract/params.ts';
import type { ReplayedDecision } from '../loop/contract/replay.ts';
import { cannot, compared } from '../loop/replay/compared.ts';
import { candidateKeyOf } from '../loop/reward/candidateKey.ts';
import type { Reward } from '../loop/reward/reward.ts';
import { rewardOf } from '../loop/reward/rewards.ts';
import { compiledIdOf, type Signature, signatureHashes } from '../loop/signature.ts';
import { alphaForOpening } from '../loop/stats/alphaLedger.ts';
import { internal } from './_generated/api.js';
import type { ActionCtx } from './_generated/server.js';
import { knownSignature } from './artifacts.ts';

/** Stored rows do not hold what a decision needs, such as an answer in the ledger: a replay never asks the model for it. */
class StoredGap extends Error {
  override name = 'StoredGap' as const;
}

interface Compile {
  readonly report: CompileReport;
  readonly signature: Signature;
  readonly reward: Reward;
  readonly spec: JobSpec;
}

/** The decisions of a compile: on which data, who won, and whether the gate let the winner pass. */
export async function replayCompile(ctx: ActionCtx, report: CompileReport): Promise<ReplayedDecision[]> {
  const data = await replayRevision(ctx, report);
  const signature = knownSignature(report.signatureId);
  const spec = report.spec as unknown as JobSpec;
  const reward = rewardOf(signature);
  const hashes = signatureHashes(signature);
  const changed =
    hashes.inputSchema !== spec.inputSchemaHash ||
    hashes.outputSchema !== spec.outputSchemaHash ||
    hashes.promptIr !== spec.promptIrHash;
  const stored = `winner ${short(report.winnerCompiledId)}`;
  if (jobHashOf(spec) !== report.jobHash)
    return [
      data,
      { ...cannot('compile choice', stored, 'The job is not what its hash says.'), outcome: 'differs' },
    ];
  if (changed || !reward)
    return [data, cannot('compile choice', stored, 'The signature that is deployed now is another.')];
  const compile = { report, signature, reward, spec };
  try {
    return [data, await replayChoice(ctx, compile), ...(await replayGate(ctx, compile))];
  } catch (error) {
    if (error instanceof StoredGap)
      return [data, { ...cannot('compile choice', stored, error.message), outcome: 'differs' }];
    throw error;
  }
}

async function replayRevision(
  ctx: ActionCtx,
  { signatureId, datasetHash }: CompileReport,
): Promise<ReplayedDecision> {
  const found = await ctx.runQuery(internal.replayRows.revision, { signatureId, datasetHash });
  const told = (hash: string, changedRows: string[]) => ({
    words: `${short(hash)}, ${found.rows} rows`,
    value: { datasetHash: hash, changedRows },
  });
  return compared('data revision', told(datasetHash, []), told(found.recomputedHash, found.changed));
}

/** Runs the search again with the ledger as its only model. */
async function replayChoice(
  ctx: ActionCtx,
  { report, signature, reward, spec }: Compile,
): Promise<ReplayedDecision> {
  const { datasetHash, signatureId } = report;
  const rowsOf = async (split: 'train' | 'dev') =>
    (await ctx.runQuery(internal.datasets.searchRows, { signatureId, datasetHash, split })).map(labelled);
  const [train, dev] = [await rowsOf('train'), await rowsOf('dev')];
  const { holdout: holdoutRows } = await ctx.runQuery(internal.datasets.counts, { signatureId, datasetHash });
  const control = await artifactOf(ctx, report.controlCompiledId);
  const { winner, candidates } = await search({
    signature,
    spec,
    control,
    train,
    dev,
    holdoutRows,
    score: asked =>
      Promise.all(asked.map(({ artifact, rows }) => ledgerScores(ctx, artifact, reward, spec, rows))),
    propose: failures => ledgerProposal(ctx, spec, failures),
    onCandidate: async () => undefined,
  });
  const told = (winnerCompiledId: string, all: CompileReport['candidates']) => ({
    words: `winner ${short(winnerCompiledId)} of ${all.length} candidates`,
    value: JSON.parse(JSON.stringify({ winnerCompiledId, candidates: all })) as Json,
  });
  return compared(
    'compile choice',
    told(report.winnerCompiledId, report.candidates),
    told(compiledIdOf(winner), [...candidates]),
  );
}

/** The gate from the pairs in the ledger, at the level its opening had; and the pairs from answers, labels and receipts. */
async function replayGate(
  ctx: ActionCtx,
  { report, signature, reward, spec }: Compile,
): Promise<ReplayedDecision[]> {
  if (!report.gate) {
    const told = (decision: string) => ({ words: decision, value: decision });
    return [compared('holdout gate', told(report.decision), told('kept'))];
  }
  const { signatureId, datasetHash, controlCompiledId, winnerCompiledId } = report;
  const decided = await ctx.runQuery(internal.gate.decided, {
    signatureId,
    datasetHash,
    controlCompiledId,
    candidateCompiledId: winnerCompiledId,
  });
  const inReport = JSON.parse(JSON.stringify(report.gate)) as Json;
  const told = (decision: string, gate: Json) => {
    const { passed, pValue } = gateReportSchema.parse(gate);
    return {
      words: `${passed ? 'passed' : 'shut'}, p = ${pValue.toPrecision(2)}`,
      value: { decision, gate },
    };
  };
  if (!decided)
    return [
      {
        ...cannot('holdout gate', 'decided', 'No opening of the holdout is stored for it.'),
        outcome: 'differs',
      },
    ];
  const holdout = decided.rows.map(labelled);
  const scoresOf = async (compiledId: string) =>
    ledgerScores(ctx, await artifactOf(ctx, compiledId), reward, spec, holdout);
  const [before, after] = [await scoresOf(controlCompiledId), await scoresOf(winnerCompiledId)];
  const gate = gateReport(signature, holdout, before, after, {
    alpha: alphaForOpening({ budget: spec.alpha, opening: decided.counted }),
    opening: decided.counted,
    seed: spec.seed,
    kind: reward.kind,
  });
  const recomputed = JSON.parse(JSON.stringify(gate)) as Json;
  return [
    await replayPairs(ctx, reward, holdout, [before, after]),
    compared(
      'holdout gate',
      told(report.decision, inReport),
      told(gate.passed ? 'improved' : 'kept', recomputed),
    ),
    compared(
      'opening of the holdout',
      {
        words: `opening ${decided.opening}`,
        value: { opening: decided.opening, gate: JSON.parse(decided.gateJson) as Json },
      },
      { words: `opening ${decided.counted}`, value: { opening: decided.counted, gate: recomputed } },
    ),
  ];
}

/** Every holdout score against its answer and label, and every answer against its receipt. */
async function replayPairs(
  ctx: ActionCtx,
  reward: Reward,
  holdout: readonly LabelledExample[],
  sides: readonly Scores[],
): Promise<ReplayedDecision> {
  const wrong: string[] = [];
  const answers = sides.flatMap(scores => [...scores.values()]);
  const outputs = new Map<string, string | null>();
  const receiptIds = answers.flatMap(({ receiptId }) => (receiptId === null ? [] : [receiptId]));
  for (let at = 0; at < receiptIds.length; at += 200)
    for (const { receiptId, outputJson } of await ctx.runQuery(internal.replayRows.receiptOutputs, {
      receiptIds: receiptIds.slice(at, at + 200),
    }))
      outputs.set(receiptId, outputJson);
  const byId = new Map(holdout.map(row => [row.exampleId, row]));
  for (const answer of answers) {
    const row = byId.get(answer.exampleId);
    const { receiptId } = answer;
    const told = receiptId === null ? undefined : outputs.get(receiptId);
    const contradicts =
      receiptId !== null && told !== (answer.output === null ? null : canonicalJson(answer.output));
    if (!row || contradicts || !(await isScoredRight(reward, row, answer))) wrong.push(answer.exampleId);
  }
  const words = `${answers.length} answers, ${outputs.size} receipts`;
  return compared('holdout answers', { words, value: [] }, { words, value: [...new Set(wrong)] });
}

/** Whether the score of an answer follows from it and its label. A grade of a judge is not asked for again: it is taken as kept. */
async function isScoredRight(reward: Reward, row: LabelledExample, answer: ItemScore): Promise<boolean> {
  if (answer.output === null || answer.errorCode !== null) return answer.score === 0;
  if (reward.judge) return true;
  const { input, expected } = row;
  const { score } = await reward.score({ input, expected, output: answer.output }, () => {
    throw new Error(`${reward.name} has no judge to ask`);
  });
  return score === answer.score;
}

/** What the ledger knows of an artifact on rows; a row it does not know ends the replay. */
async function ledgerScores(
  ctx: ActionCtx,
  artifact: Artifact,
  reward: Reward,
  spec: JobSpec,
  rows: readonly LabelledExample[],
): Promise<Scores> {
  const candidateKey = candidateKeyOf(artifact, reward, spec.models);
  const [batches = []] = await ctx.runQuery(internal.ledger.known, { candidateKeys: [candidateKey] });
  const known = answersIn(batches);
  return new Map(
    rows.map(({ exampleId, contentHash }): [string, ItemScore] => {
      const paid = known.get(contentHash);
      if (!paid)
        throw new StoredGap(
          `The ledger has no answer of candidate ${short(compiledIdOf(artifact))} to row ${exampleId}.`,
        );
      return [exampleId, { ...paid, exampleId }];
    }),
  );
}

/** What the proposer answered then. */
async function ledgerProposal(ctx: ActionCtx, spec: JobSpec, failures: Failures): Promise<string | null> {
  const candidateKey = proposerKey(spec.models);
  const [batches = []] = await ctx.runQuery(internal.ledger.known, { candidateKeys: [candidateKey] });
  const known = answersIn(batches);
  const kept = known.get(contentHash(failures));
  if (!kept)
    throw new StoredGap('The ledger has no answer of the proposer to the failures that the search read.');
  return kept.output === null ? null : proposedWords(kept.output);
}

async function artifactOf(ctx: ActionCtx, compiledId: string): Promise<Artifact> {
  const artifact = await ctx.runQuery(internal.replayRows.artifact, { compiledId });
  if (!artifact)
    throw new StoredGap(`Artifact ${short(compiledId)} is not what its id says: its content was changed.`);
  return artifact;
}

/** The first digits of a content hash. */
function short(hash: string): string {
  return hash.slice('sha256:'.length, 'sha256:'.length + 8);
}
