import type { Json } from '../loop/contract/json.ts';
import { predict } from '../loop/predict/predict.ts';
import { receiptOf } from '../loop/predict/receiptOf.ts';
import { sha256Hex } from '../loop/sha256.ts';
import { internal } from './_generated/api.js';
import type { ActionCtx } from './_generated/server.js';
import { knownSignature } from './artifacts.ts';
import { assign } from './assignment.ts';
import { logBug } from './bugLog.ts';
import { modelClient } from './model.ts';

/** One sample to make, by an exerciser's name. */
export interface Sample {
  readonly signatureId: string;
  readonly exerciser: string;
  readonly sampleId: string;
  readonly exampleId: string;
  readonly runId: string | null;
  readonly requestId: string;
}

/** The user that stands for an exerciser. */
export function exerciserId(exerciser: string): string {
  return `exercise:${exerciser}`;
}

/** Makes a sample of whatever serves the exerciser now, once per canary; asked again it answers what was kept. */
export async function exercise(ctx: ActionCtx, { signatureId, exerciser, exampleId, ...sample }: Sample) {
  const signature = knownSignature(signatureId);
  const userId = exerciserId(exerciser);
  const plan = await ctx.runQuery(internal.exercise.plan, { signatureId, userId, exampleId });
  const { artifact, unstoredJson, ...assignment } = assign(signature, plan.offer, userId);
  const key = [signatureId, exerciser, sample.sampleId, assignment.canaryId ?? assignment.compiledId];
  const receiptId = `rcp_${sha256Hex(JSON.stringify(key)).slice(0, 32)}`;
  const known = await ctx.runQuery(internal.exercise.known, { receiptId });
  if (known) return { ...known, repeated: true };
  const input = JSON.parse(plan.inputJson) as Json;
  const lm = modelClient({ fallback: true });
  const facts = await predict({ signature, artifact, input, lm, now: Date.now });
  logBug(facts, signatureId, sample.requestId);
  const receipt = receiptOf(signature, artifact, input, facts, {
    ...assignment,
    receiptId,
    purpose: 'exercise',
    opsRunId: sample.runId,
    requestId: sample.requestId,
    threadId: plan.threadId,
    unit: userId,
  });
  const receiptJson = JSON.stringify(receipt);
  const kept = await ctx.runMutation(internal.exercise.keep, { receiptJson, unstoredJson, exampleId });
  return { ...kept, repeated: false };
}
