import type { Artifact, FewShot, Params } from '../contract/params.ts';
import { artifactOf, compiledIdOf, type Signature } from '../signature.ts';
import type { ItemScore, LabelledExample } from './labelled.ts';

/** An artifact before it was scored, and where it came from. */
export interface Proposal {
  readonly artifact: Artifact;
  readonly compiledId: string;
  readonly origin: string;
}

/** An artifact under test. */
export interface Candidate extends Proposal {
  /** Train scores so far, by `exampleId`. */
  readonly train: Map<string, ItemScore>;
  /** When and why it was dropped before it was through; null while it was not. */
  dropped: string | null;
}

/** The artifact of `from` with some params changed. */
export function variant(
  signature: Signature,
  from: Artifact,
  change: Partial<Params>,
  origin: string,
): Proposal {
  return proposal(artifactOf(signature, { ...from.params, ...change }), origin);
}

/** An artifact as a proposal. */
export function proposal(artifact: Artifact, origin: string): Proposal {
  return { artifact, compiledId: compiledIdOf(artifact), origin };
}

/** A train row as a few-shot. */
export function fewShotOf(row: LabelledExample): FewShot {
  return { exampleId: row.exampleId, input: row.input, output: row.expected };
}

/** Ids of the rows an artifact shows as few-shots: on them it cannot be judged. */
export function shownRows(...artifacts: readonly Artifact[]): Set<string> {
  return new Set(artifacts.flatMap(artifact => artifact.params.fewShots.map(shot => shot.exampleId)));
}
