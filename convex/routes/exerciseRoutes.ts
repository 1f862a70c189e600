import { exercisePredict, exerciseThreadEnsure } from '../../loop/contract/endpoint.ts';
import type { PredictResult } from '../../loop/contract/receipt.ts';
import { internal } from '../_generated/api.js';
import { exercise, exerciserId } from '../exerciser.ts';
import type { App } from './access.ts';
import { route } from './route.ts';

/** Samples without a browser. */
export function registerExerciseRoutes(app: App): void {
  route(app, exerciseThreadEnsure, async ({ exerciser }, { ctx }) => {
    const userId = exerciserId(exerciser);
    const newThreadId = `thr_${crypto.randomUUID()}`;
    const args = { userId, name: exerciser, newThreadId };
    return { userId, ...(await ctx.runMutation(internal.exercise.ensureThread, args)) };
  });
  route(app, exercisePredict, async ({ runId, ...sample }, { ctx, requestId }) => {
    const { resultJson, ...made } = await exercise(ctx, { ...sample, runId: runId ?? null, requestId });
    return { ...made, result: JSON.parse(resultJson) as PredictResult };
  });
}
