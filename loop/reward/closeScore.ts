import * as z from 'zod';
import { deferred } from '../contract/deferred.ts';
import type { Reward } from './reward.ts';

const scored = deferred(() => z.object({ score: z.number().min(0).max(1) }));

/** `close_score.v1`: 1 less the distance between a judge's score and the label's, both 0 to 1. For anchors of a judge. */
export const closeScore: Reward = {
  name: 'close_score.v1',
  kind: 'graded',
  judge: null,
  score: async ({ output, expected }) => ({
    score: 1 - Math.abs(scored.parse(output).score - scored.parse(expected).score),
    notes: null,
    judged: null,
  }),
};
