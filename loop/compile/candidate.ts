import type { Artifact, FewShot } from '../contract/params.ts';
import { artifactOf, compiledIdOf, type Signature } from '../signature.ts';
import type { LabelledExample, Scores } from './labelled.ts';

/** An artifact under test, where it came from, and how it did on train. */
export interface Candidate {
  readonly artifact: Artifact;
  readonly compiledId: string;
  readonly origin: string;
  readonly train: Scores;
}

/** A candidate before it was scored. */
export type Proposal = Omit<Candidate, 'train'>;

/** The artifact of `from` with another instruction or other few-shots. */
export function variant(
  signature: Signature,
  from: Artifact,
  change: { instruction?: string; fewShots?: readonly FewShot[] },
  origin: string,
): Proposal {
  const artifact = artifactOf(signature, {
    ...from.params,
    instruction: change.instruction ?? from.params.instruction,
    fewShots: [...(change.fewShots ?? from.params.fewShots)],
  });
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
