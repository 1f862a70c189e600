import { contentHash } from '../contentHash.ts';
import type { Artifact } from '../contract/params.ts';
import { compiledIdOf, type Models } from '../signature.ts';
import type { Reward } from './reward.ts';

/**
 * Key of a candidate's rows in the ledger: artifact, model and scorer, the judge's prompt and model included. With `day`, what was paid
 * for on other days does not count: for a measurement that looks for change.
 */
export function candidateKeyOf(
  artifact: Artifact,
  reward: Reward,
  models: Models,
  day: string | null = null,
): string {
  return contentHash({
    compiledId: compiledIdOf(artifact),
    model: artifact.params.models.main,
    scorer: reward.name,
    signatureId: artifact.signatureId,
    ...(day === null ? {} : { day }),
    ...(reward.judge ? { judge: compiledIdOf(reward.judge.artifact(models)) } : {}),
  });
}
