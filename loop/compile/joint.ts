import type { Arena } from './arena.ts';
import type { Candidate } from './candidate.ts';
import { type FewShotLimits, fewshotGreedy } from './fewshotGreedy.ts';
import { instructionGrid } from './instructionGrid.ts';
import { type Knob, knobsGridRefine } from './knobsGridRefine.ts';

/**
 * `joint.v1`: instruction, few-shots and knobs in turn, each under the best of the others, until a whole turn changes nothing: which
 * instruction is best depends on what is shown, and the other way round.
 */
export async function joint(
  arena: Arena,
  from: Candidate,
  space: FewShotLimits & { readonly instructions: readonly string[]; readonly knobs: readonly Knob[] },
): Promise<Candidate> {
  let current = from;
  for (let turn = 1; turn <= MOST_TURNS; turn++) {
    const before = current;
    current = await instructionGrid(arena, current, space.instructions);
    // An instruction that stays leaves the few-shots where they were: their last round found nothing better.
    const stays = current.artifact.params.instruction === before.artifact.params.instruction;
    if (turn > 1 && stays) break;
    current = await fewshotGreedy(arena, current, space);
    current = await knobsGridRefine(arena, current, space.knobs);
    if (current === before) break;
  }
  return current;
}

// Each turn costs about as much as the first, and changes less.
const MOST_TURNS = 3;
