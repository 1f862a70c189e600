import { contentHash } from '../contentHash.ts';
import type { Artifact } from '../contract/params.ts';
import { compiledIdOf, type Models } from '../signature.ts';
import type { Reward } from './reward.ts';

/** Key of a candidate's rows in the ledger: artifact, model and scorer, the judge's prompt and model included. */
export function candidateKeyOf(artifact: Artifact, reward: Reward, models: Models): string {
  return contentHash({
    compiledId: compiledIdOf(artifact),
    model: artifact.params.models.main,
    scorer: reward.name,
    signatureId: artifact.signatureId,
    ...(reward.judge ? { judge: compiledIdOf(reward.judge.artifact(models)) } : {}),
  });
}
