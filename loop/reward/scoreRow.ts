import type { Json } from '../contract/json.ts';
import type { Artifact } from '../contract/params.ts';
import type { LmClient } from '../lm/lmClient.ts';
import { type PredictFacts, predict } from '../predict/predict.ts';
import { usageOf } from '../predict/receiptOf.ts';
import type { Models, Signature } from '../signature.ts';
import type { Grade, Reward } from './reward.ts';

/** The answer was there, but the judge gave no grade: nothing is known of the candidate. */
export const JUDGE_FAILED = 'judge_failed';

export interface RowToScore {
  readonly signature: Signature;
  readonly artifact: Artifact;
  readonly reward: Reward;
  /** Models of the job: the judge runs on its `judge`, whatever model a candidate names. */
  readonly models: Models;
  readonly input: Json;
  readonly expected: Json;
  readonly lm: LmClient;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly signal?: AbortSignal | undefined;
}

/** What one artifact made of one row, and what it cost, judge included. */
export interface RowScore {
  /** 0 to 1. A failed predict is an outcome and scores 0, as does an answer without a grade. */
  readonly score: number;
  /** The predict's error, or `judge_failed`; null when the score is one. */
  readonly errorCode: string | null;
  readonly output: Json | null;
  readonly notes: string | null;
  readonly calls: number;
  readonly tokens: number;
  readonly costUsd: number | null;
  /** What happened in the predict and in the judge's, for their receipts. */
  readonly facts: PredictFacts;
  readonly judged: Grade['judged'];
}

/** Runs an artifact on a labelled row and scores the answer. Never throws for what a model does. */
export async function scoreRow(row: RowToScore): Promise<RowScore> {
  const { signature, artifact, reward, input, expected, lm, now, signal } = row;
  const facts = await predict({ signature, artifact, input, lm, now, signal });
  if (!facts.result.ok) {
    const errorCode = facts.result.error.code;
    return { score: 0, errorCode, output: null, notes: null, ...spentOn([facts]), facts, judged: null };
  }
  const { output } = facts.result;
  const { score, notes, judged } = await reward.score({ input, output, expected }, question =>
    askJudge(row, question),
  );
  return {
    score: score ?? 0,
    errorCode: score === null ? JUDGE_FAILED : null,
    output,
    notes,
    ...spentOn(judged ? [facts, judged.facts] : [facts]),
    facts,
    judged,
  };
}

function askJudge(row: RowToScore, input: Json): Promise<PredictFacts> {
  const { reward, models, lm, now, signal } = row;
  if (!reward.judge) throw new Error(`${reward.name} has no judge to ask`);
  const { signature } = reward.judge;
  return predict({ signature, artifact: reward.judge.artifact(models), input, lm, now, signal });
}

/** What predicts have cost together. */
export function spentOn(all: readonly PredictFacts[]): Pick<RowScore, 'calls' | 'tokens' | 'costUsd'> {
  let [calls, tokens] = [0, 0];
  let costUsd: number | null = 0;
  for (const facts of all) {
    const { inputTokens, outputTokens } = usageOf(facts);
    calls += facts.calls.length;
    tokens += inputTokens + outputTokens;
    costUsd = costUsd === null || facts.costUsd === null ? null : costUsd + facts.costUsd;
  }
  return { calls, tokens, costUsd };
}
