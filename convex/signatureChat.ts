import type { SendEvent } from '../loop/contract/autopilot.ts';
import type { ChatAdapter, Signature } from '../loop/signature.ts';
import type { ActionCtx } from './_generated/server.js';
import { knownSignature } from './artifacts.ts';
import { ask, keepEnd, type Question, SEND_AGAIN } from './chat.ts';
import { failure } from './failure.ts';
import { cardOf } from './signatureCard.ts';
import { tellFailure } from './tellFailure.ts';

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
  const { begun, input, requestId } = question;
  const { messageId, threadId, predict } = begun;
  emit({ type: 'start', threadId, messageId, requestId });
  try {
    const asked = await ask(ctx, question, signature, predict, input);
    const { result } = asked.receipt;
    const card = cardOf(asked.receipt, result.ok ? (signature.label?.(result.output) ?? null) : null);
    emit({ type: 'card', card });
    const text = result.ok ? signature.chat.answer(result.output) : '';
    const end = await keepEnd(ctx, question, predict, asked, { text, card });
    if (end.type === 'done') emit({ type: 'delta', text });
    emit(end);
  } catch (error) {
    await tellFailure(ctx, question, error, SEND_AGAIN, emit);
  }
}
