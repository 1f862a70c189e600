import type { Doc } from './_generated/dataModel.js';
import type { QueryCtx } from './_generated/server.js';
import { pointerOf } from './activePointer.ts';
import { openCanary } from './canaryRows.ts';
import { failure } from './failure.ts';

/** An artifact as it is stored. */
export interface StoredArtifact {
  readonly compiledId: string;
  readonly artifactJson: string;
}

/** What may serve a user: the open canary's two artifacts, or the active one; `active` null means the defaults. */
export interface Offer {
  readonly active: StoredArtifact | null;
  readonly canary: {
    readonly canaryId: string;
    readonly salt: string;
    readonly percent: number;
    readonly control: StoredArtifact;
    readonly treatment: StoredArtifact;
  } | null;
}

/** An offer with the artifacts' ids in place of their text. */
export type OfferIds = Doc<'dseOpenPredicts'>['offer'];

/** What may serve a signature's users now. */
export async function offer(ctx: QueryCtx, signatureId: string): Promise<Offer> {
  const open = await openCanary(ctx, signatureId);
  const pointer = open ? null : await pointerOf(ctx, signatureId);
  return {
    active: pointer && (await storedArtifact(ctx, pointer.compiledId)),
    canary: open && {
      canaryId: open.canaryId,
      salt: open.salt,
      percent: open.percent,
      control: await storedArtifact(ctx, open.controlCompiledId),
      treatment: await storedArtifact(ctx, open.canaryCompiledId),
    },
  };
}

/** What `offer` said then, from its ids. */
export async function offerOf(ctx: QueryCtx, { active, canary }: OfferIds): Promise<Offer> {
  return {
    active: active === null ? null : await storedArtifact(ctx, active),
    canary: canary && {
      ...canary,
      control: await storedArtifact(ctx, canary.control),
      treatment: await storedArtifact(ctx, canary.treatment),
    },
  };
}

/** The ids of an offer. */
export function idsOf({ active, canary }: Offer): OfferIds {
  return {
    active: active?.compiledId ?? null,
    canary: canary && {
      ...canary,
      control: canary.control.compiledId,
      treatment: canary.treatment.compiledId,
    },
  };
}

async function storedArtifact(ctx: QueryCtx, compiledId: string): Promise<StoredArtifact> {
  const stored = await ctx.db
    .query('dseArtifacts')
    .withIndex('by_compiled', q => q.eq('compiledId', compiledId))
    .first();
  if (!stored) throw failure('unknown_artifact', `No artifact ${compiledId} is stored.`);
  return { compiledId, artifactJson: stored.artifactJson };
}
