import * as z from 'zod';
import { respond } from '../loop/catalog/respond.ts';
import { type BlueprintTool, selectTool } from '../loop/catalog/selectTool.ts';
import type { SendEvent } from '../loop/contract/autopilot.ts';
import type { Json } from '../loop/contract/json.ts';
import type { Receipt } from '../loop/contract/receipt.ts';
import { predict } from '../loop/predict/predict.ts';
import { receiptOf } from '../loop/predict/receiptOf.ts';
import type { Signature } from '../loop/signature.ts';
import { internal } from './_generated/api.js';
import type { ActionCtx } from './_generated/server.js';
import { assign } from './assignment.ts';
import type { Begun, Offer } from './autopilot.ts';
import { logBug } from './bugLog.ts';
import { failureOf } from './failure.ts';
import { modelClient } from './model.ts';
import { cardOf } from './signatureCard.ts';

/** A stored message that waits for its answer, and who asks. */
export interface Question {
  readonly begun: Begun;
  readonly text: string;
  readonly userId: string;
  readonly requestId: string;
  readonly runId: string | null;
}

const chosenSchema = z.object({ tool: z.string() });

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
    const { receipt: choice, unstoredJson: choosing } = await ask(question, selectTool, begun.selectTool, {
      message: text,
      blueprintHint: begun.hint,
    });
    const tool = choice.result.ok ? (chosenSchema.parse(choice.result.output).tool as BlueprintTool) : null;
    const card = cardOf(choice, tool);
    emit({ type: 'card', card });
    const change = await ctx.runMutation(internal.autopilot.chosen, {
      messageId,
      userId: question.userId,
      text,
      tool,
      cardJson: JSON.stringify(card),
      receiptJson: JSON.stringify(choice),
      unstoredJson: choosing,
    });
    if (change) emit({ type: 'change', section: change.section, text: change.text });

    const { receipt: answer, unstoredJson: answering } = await ask(
      question,
      respond,
      begun.respond,
      { message: text, change: change?.summary ?? 'nothing', notes: begun.notes },
      delta => emit({ type: 'delta', text: delta }),
    );
    const error = answer.result.ok ? null : `No answer: ${answer.result.error.message}`;
    await ctx.runMutation(internal.autopilot.answered, {
      messageId,
      text: answer.result.ok ? String(answer.result.output) : '',
      error,
      receiptJson: JSON.stringify(answer),
      unstoredJson: answering,
    });
    if (answer.result.ok) emit({ type: 'done', messageId });
    else emit({ type: 'error', code: answer.result.error.code, message: error ?? '' });
  } catch (error) {
    await tellFailure(ctx, question, error, emit);
  }
}

/** Marks a message as failed, for whatever reason, and says so. */
export async function tellFailure(
  ctx: ActionCtx,
  { begun: { messageId }, requestId }: Question,
  error: unknown,
  emit: (event: SendEvent) => void,
): Promise<void> {
  const known = failureOf(error);
  const message =
    known?.message ?? 'Something went wrong on the server. The message was kept; send it again.';
  if (!known) console.error(JSON.stringify({ level: 'error', requestId, error: String(error) }));
  await ctx.runMutation(internal.autopilot.failed, { messageId, error: message });
  emit({ type: 'error', code: known?.code ?? 'internal', message });
}

/** Runs a signature for a message, on the artifact that its user is offered. */
export async function ask(
  { userId, requestId, runId, begun }: Question,
  signature: Signature,
  offer: Offer,
  input: Json,
  onDelta?: (text: string) => void,
): Promise<{ receipt: Receipt; unstoredJson: string | null }> {
  const { artifact, compiledId, unstoredJson, arm, canaryId, bucket } = assign(signature, offer, userId);
  const facts = await predict({
    signature,
    artifact,
    input,
    lm: modelClient({ fallback: true }),
    now: Date.now,
    ...(onDelta ? { onDelta } : {}),
  });
  logBug(facts, signature.id, requestId);
  const receipt = receiptOf(signature, artifact, input, facts, {
    receiptId: `rcp_${crypto.randomUUID()}`,
    compiledId,
    purpose: 'chat',
    opsRunId: runId,
    requestId,
    threadId: begun.threadId,
    unit: userId,
    canaryId,
    arm,
    bucket,
  });
  return { receipt, unstoredJson };
}
