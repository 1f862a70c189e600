import { catalog, signatureById } from '../loop/catalog/catalog.ts';
import { type Artifact, artifactSchema } from '../loop/contract/params.ts';
import { compiledIdOf, defaultArtifact, type Signature } from '../loop/signature.ts';
import type { MutationCtx, QueryCtx } from './_generated/server.js';
import { pointerOf } from './activePointer.ts';
import { configuredModels } from './deployment.ts';
import { failure } from './failure.ts';

/** The signature with this id. Throws `unknown_signature`. */
export function knownSignature(signatureId: string): Signature {
  const signature = signatureById(signatureId);
  if (!signature)
    throw failure(
      'unknown_signature',
      `No signature ${signatureId} is deployed; see loop/catalog. Deployed: ${catalog.map(({ id }) => id).join(', ')}.`,
    );
  return signature;
}

/** Today's artifact of a signature: what was promoted last, else its defaults. */
export async function activeArtifact(
  ctx: QueryCtx,
  signature: Signature,
): Promise<{ compiledId: string; artifact: Artifact; since: number }> {
  const pointer = await pointerOf(ctx, signature.id);
  if (pointer) {
    const artifact = await artifactByCompiledId(ctx, pointer.compiledId);
    return { compiledId: pointer.compiledId, artifact, since: pointer.since };
  }
  const artifact = defaultArtifact(signature, configuredModels());
  return { compiledId: compiledIdOf(artifact), artifact, since: 0 };
}

/** A stored artifact. Throws `unknown_artifact`. */
export async function artifactByCompiledId(ctx: QueryCtx, compiledId: string): Promise<Artifact> {
  const stored = await ctx.db
    .query('dseArtifacts')
    .withIndex('by_compiled', q => q.eq('compiledId', compiledId))
    .first();
  if (!stored) throw failure('unknown_artifact', `No artifact ${compiledId} is stored.`);
  return artifactSchema.parse(JSON.parse(stored.artifactJson));
}

/** Keeps an artifact under its content hash. */
export async function storeArtifact(ctx: MutationCtx, artifact: Artifact): Promise<string> {
  const compiledId = compiledIdOf(artifact);
  const known = await ctx.db
    .query('dseArtifacts')
    .withIndex('by_compiled', q => q.eq('compiledId', compiledId))
    .first();
  if (!known) {
    await ctx.db.insert('dseArtifacts', {
      compiledId,
      signatureId: artifact.signatureId,
      artifactJson: JSON.stringify(artifact),
      createdAt: Date.now(),
    });
  }
  return compiledId;
}
