import { armOfBucket, bucketOf } from '../loop/canary/bucket.ts';
import type { Artifact } from '../loop/contract/params.ts';
import type { Receipt } from '../loop/contract/receipt.ts';
import { compiledIdOf, defaultArtifact, type Signature } from '../loop/signature.ts';
import { configuredModels } from './deployment.ts';
import type { Offer, StoredArtifact } from './offer.ts';

/** Which artifact serves a user, and the facts of the choice that the receipt keeps. */
export interface Assignment extends Pick<Receipt, 'compiledId' | 'arm' | 'canaryId' | 'bucket'> {
  readonly artifact: Artifact;
  /** Set when nothing was ever promoted: defaults come from code, and are kept with the first receipt that names them. */
  readonly unstoredJson: string | null;
}

/** The artifact for one user: by bucket while a canary is open, else the active one. */
export function assign(signature: Signature, { active, canary }: Offer, unit: string): Assignment {
  if (!canary)
    return { ...(active ? loaded(active) : defaults(signature)), arm: 'none', canaryId: null, bucket: null };
  const bucket = bucketOf({ salt: canary.salt, unit, signatureId: signature.id });
  const arm = armOfBucket(bucket, canary.percent);
  return {
    ...loaded(arm === 'canary' ? canary.treatment : canary.control),
    arm,
    canaryId: canary.canaryId,
    bucket,
  };
}

type Served = Pick<Assignment, 'artifact' | 'compiledId' | 'unstoredJson'>;

function defaults(signature: Signature): Served {
  const artifact = defaultArtifact(signature, configuredModels());
  return { artifact, compiledId: compiledIdOf(artifact), unstoredJson: JSON.stringify(artifact) };
}

// Stored by us under its own hash, after it was checked: checking it again would cost every message some milliseconds.
function loaded({ compiledId, artifactJson }: StoredArtifact): Served {
  return { artifact: JSON.parse(artifactJson) as Artifact, compiledId, unstoredJson: null };
}
