import * as z from 'zod';
import { respond } from '../loop/catalog/respond.ts';
import { type BlueprintTool, selectTool } from '../loop/catalog/selectTool.ts';
import type { SendEvent, SignatureCard } from '../loop/contract/autopilot.ts';
import { deferred } from '../loop/contract/deferred.ts';
import type { Json } from '../loop/contract/json.ts';
import type { Receipt } from '../loop/contract/receipt.ts';
import { receiptOf } from '../loop/predict/receiptOf.ts';
import type { Signature } from '../loop/signature.ts';
import { internal } from './_generated/api.js';
import type { ActionCtx } from './_generated/server.js';
import { assign } from './assignment.ts';
import type { Begun } from './autopilot.ts';
import type { BegunPredict } from './openPredicts.ts';
import { runPredict } from './runPredict.ts';
import { cardOf } from './signatureCard.ts';
import { LATE, STOPPED } from './stopped.ts';
import { tellFailure } from './tellFailure.ts';

/** A stored message that waits for its answer, and who asks. */
export interface Question {
  readonly begun: Begun;
  readonly text: string;
  /** Of the first predict. */
  readonly input: Json;
  readonly userId: string;
  readonly requestId: string;
  readonly runId: string | null;
}

/** A receipt to be kept, with its artifact where that may not be stored yet. */
export interface Asked {
  readonly receipt: Receipt;
  readonly unstoredJson: string | null;
}

/** What a user can do when an answer broke on our side. */
export const SEND_AGAIN = 'The message was kept; send it again.';

const chosenSchema = deferred(() => z.object({ tool: z.string() }));

/** Answers one message: choose the tool, change the Blueprint, write the answer. Whatever happens is told and kept. */
export async function answerMessage(
  ctx: ActionCtx,
  question: Question,
  emit: (event: SendEvent) => void,
): Promise<void> {
  const { begun, text, requestId } = question;
  const { messageId, threadId } = begun;
  emit({ type: 'start', threadId, messageId, requestId });
  try {
    const { receipt, unstoredJson } = await ask(ctx, question, selectTool, begun.predict, question.input);
    const tool = receipt.result.ok ? (chosenSchema.parse(receipt.result.output).tool as BlueprintTool) : null;
    const card = cardOf(receipt, tool);
    emit({ type: 'card', card });
    const chosen = await ctx.runMutation(internal.autopilot.chosen, {
      openId: begun.predict.openId,
      text,
      tool,
      cardJson: JSON.stringify(card),
      receiptJson: JSON.stringify(receipt),
      unstoredJson,
      answerReceiptId: `rcp_${crypto.randomUUID()}`,
    });
    if (chosen.next === 'late') return emit({ type: 'error', ...LATE });
    if (chosen.next === 'stopped') return emit({ type: 'error', code: 'cancelled', message: STOPPED });
    const { change, input } = chosen;
    if (change) emit({ type: 'change', section: change.section, text: change.text });
    let shown = '';
    const asked = await ask(ctx, question, respond, chosen.predict, { ...input }, delta => {
      shown += delta;
      emit({ type: 'delta', text: delta });
    });
    const { result } = asked.receipt;
    const answer = result.ok ? String(result.output) : shown;
    emit(await keepEnd(ctx, question, chosen.predict, asked, { text: answer, card: null }));
  } catch (error) {
    await tellFailure(ctx, question, error, SEND_AGAIN, emit);
  }
}

/** Keeps how a message ended, with the receipt of its last predict, and answers the event that tells it. */
export async function keepEnd(
  ctx: ActionCtx,
  { begun: { messageId } }: Question,
  { openId }: BegunPredict,
  { receipt, unstoredJson }: Asked,
  { text, card }: { text: string; card: SignatureCard | null },
): Promise<SendEvent> {
  const failed = receipt.result.ok ? null : receipt.result.error;
  const error = failed && (failed.code === 'cancelled' ? STOPPED : `No answer: ${failed.message}`);
  const inTime = await ctx.runMutation(internal.autopilot.answered, {
    openId,
    text,
    error,
    cardJson: card && JSON.stringify(card),
    receiptJson: JSON.stringify(receipt),
    unstoredJson,
  });
  if (!inTime) return { type: 'error', ...LATE };
  return failed ? { type: 'error', code: failed.code, message: error ?? '' } : { type: 'done', messageId };
}

/** Runs a signature for a message, on the artifact that its user is offered, until its end or the user's stop. */
export async function ask(
  ctx: ActionCtx,
  { userId, requestId, runId, begun }: Question,
  signature: Signature,
  begunPredict: BegunPredict,
  input: Json,
  onDelta?: (text: string) => void,
): Promise<Asked> {
  const { receiptId, offer } = begunPredict;
  const { artifact, unstoredJson, ...assignment } = assign(signature, offer, userId);
  const facts = await runPredict(ctx, begunPredict, requestId, {
    signature,
    artifact,
    input,
    ...(onDelta ? { onDelta } : {}),
  });
  const receipt = receiptOf(signature, artifact, input, facts, {
    ...assignment,
    receiptId,
    purpose: 'chat',
    opsRunId: runId,
    requestId,
    threadId: begun.threadId,
    unit: userId,
  });
  return { receipt, unstoredJson };
}
