import { sameJson } from '../sameJson.ts';
import type { Reward } from './reward.ts';

/** `exact_json_match.v1`: 1 when output and expectation are the same JSON value, else 0. */
export const exactJsonMatch: Reward = {
  name: 'exact_json_match.v1',
  kind: 'exact',
  judge: null,
  score: async ({ output, expected }) => ({
    score: sameJson(output, expected) ? 1 : 0,
    notes: null,
    judged: null,
  }),
};
