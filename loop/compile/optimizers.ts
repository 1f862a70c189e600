import type { Arena } from './arena.ts';
import type { Candidate } from './candidate.ts';
import { fewshotGreedy } from './fewshotGreedy.ts';
import { instructionGrid } from './instructionGrid.ts';
import type { JobSpec } from './jobSpec.ts';
import { joint } from './joint.ts';
import { knobsGridRefine } from './knobsGridRefine.ts';
import type { OptimizerName } from './optimizerName.ts';
import { type Propose, reflective } from './reflective.ts';

/** Looks for something better than `from`; answers `from` when it finds nothing. */
type Optimizer = (arena: Arena, from: Candidate, spec: JobSpec, propose: Propose) => Promise<Candidate>;

/** Every optimizer by the name of what it does. Another way to search is another version. */
export const optimizers: Readonly<Record<OptimizerName, Optimizer>> = {
  'instruction_grid.v1': (arena, from, spec) => instructionGrid(arena, from, spec.instructions),
  'fewshot_greedy.v1': fewshotGreedy,
  'knobs_grid_refine.v1': (arena, from, spec) => knobsGridRefine(arena, from, spec.knobs),
  'joint.v1': joint,
  'reflective.v1': (arena, from, _, propose) => reflective(arena, from, propose),
};
