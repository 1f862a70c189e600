import type { SendEvent } from '../loop/contract/autopilot.ts';
import type { ChatAdapter, Signature } from '../loop/signature.ts';
import { internal } from './_generated/api.js';
import type { ActionCtx } from './_generated/server.js';
import { knownSignature } from './artifacts.ts';
import { ask, type Question, tellFailure } from './chat.ts';
import { failure } from './failure.ts';
import { cardOf } from './signatureCard.ts';

/** A signature that people can talk to. */
export type ChatSignature = Signature & { readonly chat: ChatAdapter };

/** The signature with this id, if it can be talked to. Throws `unknown_signature`, or `bad_request` without a chat adapter. */
export function chatSignature(signatureId: string): ChatSignature {
  const signature = knownSignature(signatureId);
  const { chat } = signature;
  if (!chat)
    throw failure(
      'bad_request',
      `${signatureId} cannot be talked to: it has no chat adapter. Give it one, \`chat\`, in its file in loop/catalog.`,
    );
  return { ...signature, chat };
}

/** Answers one message by the one signature its user chose. Whatever happens is told and kept. */
export async function answerBySignature(
  ctx: ActionCtx,
  question: Question,
  signature: ChatSignature,
  emit: (event: SendEvent) => void,
): Promise<void> {
  const { begun, text, requestId } = question;
  const { messageId, threadId, chosen } = begun;
  emit({ type: 'start', threadId, messageId, requestId });
  try {
    if (!chosen) throw new Error(`message ${messageId} was begun without ${signature.id}`);
    const input = signature.chat.input(text);
    const { receipt, unstoredJson } = await ask(question, signature, chosen, input);
    const { result } = receipt;
    const card = cardOf(receipt, result.ok ? (signature.label?.(result.output) ?? null) : null);
    emit({ type: 'card', card });
    const answer = result.ok ? signature.chat.answer(result.output) : '';
    const error = result.ok ? null : `No answer: ${result.error.message}`;
    await ctx.runMutation(internal.autopilot.answeredByChosen, {
      messageId,
      text: answer,
      error,
      cardJson: JSON.stringify(card),
      receiptJson: JSON.stringify(receipt),
      unstoredJson,
    });
    if (!result.ok) return emit({ type: 'error', code: result.error.code, message: error ?? '' });
    emit({ type: 'delta', text: answer });
    emit({ type: 'done', messageId });
  } catch (error) {
    await tellFailure(ctx, question, error, emit);
  }
}
