import type { Arena } from './arena.ts';
import { type Candidate, variant } from './candidate.ts';

/** `instruction_grid.v1`: the candidate with each of the signature's instructions; the best stays. */
export function instructionGrid(
  arena: Arena,
  from: Candidate,
  instructions: readonly string[],
): Promise<Candidate> {
  const proposals = instructions.map((instruction, i) =>
    variant(arena.signature, from.artifact, { instruction }, `instruction_grid.v1: instruction ${i + 1}`),
  );
  return arena.race(from, proposals);
}
