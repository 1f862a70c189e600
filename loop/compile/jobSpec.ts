import { contentHash } from '../contentHash.ts';
import { rewardOf } from '../reward/rewards.ts';
import { compiledIdOf, defaultArtifact, type Models, type Signature, signatureHashes } from '../signature.ts';
import type { Knob } from './knobsGridRefine.ts';
import type { OptimizerName } from './optimizerName.ts';
import { proposerArtifact } from './proposer.ts';
import type { Limits } from './purse.ts';
import { RACE } from './racing.ts';

/** Everything that can change the result of a compile. Compile, canary and promote all read it from here. */
export interface JobSpec {
  readonly signatureId: string;
  readonly inputSchemaHash: string;
  readonly outputSchemaHash: string;
  readonly promptIrHash: string;
  readonly baseCompiledId: string;
  /** Today's artifact: always a candidate. */
  readonly controlCompiledId: string;
  /** The default instruction first. */
  readonly instructions: readonly string[];
  readonly maxFewShots: number;
  readonly knobs: readonly Knob[];
  readonly optimizers: readonly OptimizerName[];
  readonly race: string;
  /** The pinned proposer of `reflective.v1`. */
  readonly proposerCompiledId: string;
  /** What the compile may spend: a search that knows its limit chooses otherwise. */
  readonly limits: Limits;
  readonly reward: string;
  /** The pinned judge; null when the reward asks none. */
  readonly judgeCompiledId: string | null;
  readonly models: Models;
  readonly seed: string;
  readonly rounds: number;
  readonly proposalsPerRound: number;
  readonly finalists: number;
  /** False-promotion budget of a holdout, over all its openings; loop/dataset/holdoutBudget.ts says which revisions share it. */
  readonly alpha: number;
}

/** Fewest rows a compile accepts; 200 holdout rows are advised. */
export const leastRows = { total: 30, train: 10, dev: 5, holdout: 10, advisedHoldout: 200 } as const;

/** False-promotion budget of one data revision, spent over all its holdout openings. */
export const ALPHA_BUDGET = 0.05;

const noLimits: Limits = { calls: null, tokens: null, usd: null };

/** The job of a signature under today's control artifact. */
export function jobSpecOf(
  signature: Signature,
  models: Models,
  controlCompiledId: string,
  limits: Limits = noLimits,
): JobSpec {
  if (!signature.search) throw new Error(`${signature.id} has no search space, so it cannot be compiled`);
  const reward = rewardOf(signature);
  if (!reward) throw new Error(`${signature.id} names no reward, so its candidates cannot be scored`);
  const hashes = signatureHashes(signature);
  return {
    signatureId: signature.id,
    inputSchemaHash: hashes.inputSchema,
    outputSchemaHash: hashes.outputSchema,
    promptIrHash: hashes.promptIr,
    baseCompiledId: compiledIdOf(defaultArtifact(signature, models)),
    controlCompiledId,
    instructions: [signature.defaults.instruction, ...signature.search.instructions],
    maxFewShots: signature.search.maxFewShots,
    knobs: signature.search.knobs ?? [],
    optimizers: signature.search.optimizers ?? ['joint.v1', 'reflective.v1'],
    race: RACE,
    proposerCompiledId: compiledIdOf(proposerArtifact(models)),
    limits,
    reward: reward.name,
    judgeCompiledId: reward.judge ? compiledIdOf(reward.judge.artifact(models)) : null,
    models,
    seed: 'overnight-1',
    rounds: 8,
    proposalsPerRound: 3,
    finalists: 3,
    alpha: ALPHA_BUDGET,
  };
}

/** `jobHash`: two jobs with the same hash have the same result on the same data. */
export function jobHashOf(spec: JobSpec): string {
  return contentHash(spec);
}
