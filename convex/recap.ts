import * as z from 'zod';
import { recapBudgets } from '../loop/catalog/recapBudgets.ts';
import { LONGEST_THREAD_CHARS, recapThread } from '../loop/catalog/recapThread.ts';
import { contentHash } from '../loop/contentHash.ts';
import type { RecapRequest, SendEvent } from '../loop/contract/autopilot.ts';
import { deferred } from '../loop/contract/deferred.ts';
import { receiptOf } from '../loop/predict/receiptOf.ts';
import { traceOf } from '../loop/rlm/traceOf.ts';
import { artifactOf, compiledIdOf } from '../loop/signature.ts';
import { internal } from './_generated/api.js';
import type { ActionCtx } from './_generated/server.js';
import { assign } from './assignment.ts';
import { failure } from './failure.ts';
import type { RecapBegun } from './recapRows.ts';
import { runPredict } from './runPredict.ts';
import { cardOf } from './signatureCard.ts';
import { LATE, STOPPED } from './stopped.ts';
import { tellFailure } from './tellFailure.ts';

interface RecapQuestion extends Pick<RecapRequest, 'question' | 'strategy' | 'budget'> {
  readonly begun: RecapBegun;
  readonly userId: string;
  readonly requestId: string;
  readonly runId: string | null;
}

const outputSchema = deferred(() => z.object({ summary: z.string() }));

// The page gives up after 20 s of silence; a call may take longer than that.
const SIGN_OF_LIFE_MS = 5_000;

/** Recaps a thread with the strategy and budget that were chosen. Whatever happens is told and kept. */
export async function recap(
  ctx: ActionCtx,
  question: RecapQuestion,
  emit: (event: SendEvent) => void,
): Promise<void> {
  const { messageId, threadId } = question.begun;
  const { requestId } = question;
  emit({ type: 'start', threadId, messageId, requestId });
  let doing = 'reading the thread';
  const life = signOfLife(() => emit({ type: 'progress', text: `Still ${doing}` }));
  try {
    const thread = await linesOf(ctx, threadId);
    doing = `working on ${thread.length} messages`;
    await answer(ctx, question, thread, emit, text => {
      doing = text;
    });
  } catch (error) {
    await tellFailure(ctx, question, error, 'Ask for the recap again.', emit);
  } finally {
    life.stop();
  }
}

async function answer(
  ctx: ActionCtx,
  { begun, userId, requestId, runId, question, strategy, budget }: RecapQuestion,
  thread: string[],
  emit: (event: SendEvent) => void,
  onDoing: (doing: string) => void,
): Promise<void> {
  const { openId, receiptId, offer } = begun.predict;
  const base = assign(recapThread, { ...offer, canary: null }, userId);
  const artifact = artifactOf(recapThread, {
    ...base.artifact.params,
    strategy,
    budgets: recapBudgets[budget],
  });
  const compiledId = compiledIdOf(artifact);
  const input = { question, thread };
  await ctx.runMutation(internal.openPredicts.ready, {
    openId,
    inputHash: contentHash(input),
    compiledId,
    artifactJson: JSON.stringify(artifact),
    maxTimeMs: artifact.params.budgets.maxTimeMs,
  });
  const facts = await runPredict(ctx, begun.predict, requestId, {
    signature: recapThread,
    artifact,
    input,
    onProgress: ({ turn, subLmCalls, doing }) => {
      onDoing(`at turn ${turn}, ${doing}`);
      emit({ type: 'progress', text: `Turn ${turn}, ${subLmCalls} sub calls: ${doing}` });
    },
  });
  const receipt = receiptOf(recapThread, artifact, input, facts, {
    receiptId,
    traceId: `trc_${crypto.randomUUID()}`,
    compiledId,
    purpose: 'recap',
    opsRunId: runId,
    requestId,
    threadId: begun.threadId,
    unit: userId,
    canaryId: null,
    arm: 'none',
    bucket: null,
  });
  const trace = traceOf(facts, receipt, input);
  const card = { ...cardOf(receipt, null), budget };
  const { result } = receipt;
  const text = result.ok ? outputSchema.parse(result.output).summary : '';
  const error = result.ok ? null : errorText(result.error);
  const inTime = await ctx.runMutation(internal.recapRows.finish, {
    openId,
    text,
    error,
    cardJson: JSON.stringify(card),
    receiptJson: JSON.stringify(receipt),
    trace: trace && { traceId: trace.traceId, json: JSON.stringify(trace) },
  });
  if (!inTime) return emit({ type: 'error', ...LATE });
  emit({ type: 'card', card });
  if (result.ok) {
    emit({ type: 'delta', text });
    emit({ type: 'done', messageId: begun.messageId });
  } else emit({ type: 'error', code: result.error.code, message: error ?? '' });
}

function errorText({ code, message }: { code: string; message: string }): string {
  return code === 'cancelled' ? STOPPED : `No recap: ${message}${adviceOn(code)}`;
}

function adviceOn(code: string): string {
  if (code === 'context_too_long')
    return ' Choose rlm_lite.v1, which reads part by part, or a larger budget.';
  return code === 'budget_exceeded' || code === 'timeout' ? ' Choose a larger budget.' : '';
}

/** Everything that was said in a thread. Refused, never cut, when it is longer than a recap reads. */
async function linesOf(ctx: ActionCtx, threadId: string): Promise<string[]> {
  const lines: string[] = [];
  let chars = 0;
  let cursor: string | null = null;
  do {
    const page: { lines: string[]; cursor: string | null } = await ctx.runQuery(internal.recapRows.said, {
      threadId,
      cursor,
    });
    lines.push(...page.lines);
    chars += page.lines.reduce((sum, line) => sum + line.length, 0);
    if (chars > LONGEST_THREAD_CHARS)
      throw failure('too_large', `The thread has more than ${LONGEST_THREAD_CHARS} characters.`);
    cursor = page.cursor;
  } while (cursor !== null);
  if (lines.length === 0) throw failure('nothing_to_recap', 'Nothing was said in this thread yet.');
  return lines;
}

function signOfLife(beat: () => void): { stop(): void } {
  let timer = setTimeout(next, SIGN_OF_LIFE_MS);
  function next() {
    beat();
    timer = setTimeout(next, SIGN_OF_LIFE_MS);
  }
  return { stop: () => clearTimeout(timer) };
}
