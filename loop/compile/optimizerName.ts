/** What each optimizer does, and its version. */
export type OptimizerName =
  | 'instruction_grid.v1'
  | 'fewshot_greedy.v1'
  | 'knobs_grid_refine.v1'
  | 'joint.v1'
  | 'reflective.v1';
