import { armOfBucket, bucketOf } from '../loop/canary/bucket.ts';
import { type Artifact, artifactSchema } from '../loop/contract/params.ts';
import type { Receipt } from '../loop/contract/receipt.ts';
import { defaultArtifact, type Signature } from '../loop/signature.ts';
import type { Offer } from './autopilot.ts';
import { configuredModels } from './deployment.ts';

/** Which artifact serves a user, and the facts of the choice that the receipt keeps. */
export interface Assignment extends Pick<Receipt, 'arm' | 'canaryId' | 'bucket'> {
  readonly artifact: Artifact;
}

/** The artifact for one user: by bucket while a canary is open, else the active one. */
export function assign(signature: Signature, { activeJson, canary }: Offer, unit: string): Assignment {
  if (!canary) {
    const artifact =
      activeJson === null ? defaultArtifact(signature, configuredModels()) : parseArtifact(activeJson);
    return { artifact, arm: 'none', canaryId: null, bucket: null };
  }
  const bucket = bucketOf({ salt: canary.salt, unit, signatureId: signature.id });
  const arm = armOfBucket(bucket, canary.percent);
  const artifact = parseArtifact(arm === 'canary' ? canary.canaryJson : canary.controlJson);
  return { artifact, arm, canaryId: canary.canaryId, bucket };
}

function parseArtifact(text: string): Artifact {
  return artifactSchema.parse(JSON.parse(text));
}
