import type { Models, Signature } from '../signature.ts';
import { closeScore } from './closeScore.ts';
import { exactJsonMatch } from './exactJsonMatch.ts';
import { judgedSummary } from './judgedSummary.ts';
import type { Judge, Reward, RewardName } from './reward.ts';

const rewards: Readonly<Record<RewardName, Reward>> = {
  'exact_json_match.v1': exactJsonMatch,
  'judged_summary.v1': judgedSummary,
  'close_score.v1': closeScore,
};

/** The reward a signature names, or null when its answers are not scored. */
export function rewardOf(signature: Signature): Reward | null {
  return signature.reward ? rewards[signature.reward] : null;
}

/** The judge that a signature's reward asks, or that the signature itself is; null when it has none. */
export function judgeOf(signature: Signature): Judge | null {
  return rewardOf(signature)?.judge ?? rewardJudgedBy(signature.id)?.judge ?? null;
}

/** Why a reward cannot score under these models, or null when it can: a model does not grade its own answers. */
export function judgeRefusal(reward: Reward | null, { main, sub, repair, judge }: Models): string | null {
  if (!reward?.judge || ![main, sub, repair].includes(judge)) return null;
  return `${reward.name} needs a judge on another model than the one it grades, and both are ${judge}: set OA_LM_JUDGE_MODEL to another one.`;
}

/** The reward that this signature judges for, or null: a judge runs pinned, never as an artifact of its own. */
export function rewardJudgedBy(signatureId: string): Reward | null {
  return Object.values(rewards).find(reward => reward.judge?.signature.id === signatureId) ?? null;
}
