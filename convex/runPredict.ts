import { type PredictFacts, type PredictInput, predict } from '../loop/predict/predict.ts';
import type { ActionCtx } from './_generated/server.js';
import { logBug } from './bugLog.ts';
import { modelClient } from './model.ts';
import type { BegunPredict } from './openPredicts.ts';
import { sharedBreakers } from './sharedBreakers.ts';
import { watchForStop } from './stopWatch.ts';

/** Runs a predict that has begun, until its end or its user's stop. What our own code threw in it is logged under the request. */
export async function runPredict(
  ctx: ActionCtx,
  begun: BegunPredict,
  requestId: string,
  what: Omit<PredictInput, 'lm' | 'now' | 'signal'>,
): Promise<PredictFacts> {
  const lm = modelClient({ fallback: true, breakers: sharedBreakers(ctx, begun) });
  const watch = watchForStop(ctx, begun.openId);
  try {
    const facts = await predict({ ...what, lm, now: Date.now, signal: watch.signal });
    logBug(facts, what.signature.id, requestId);
    return facts;
  } finally {
    watch.end();
  }
}
