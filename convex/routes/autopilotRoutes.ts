import { selectToolId } from '../../loop/catalog/ids.ts';
import { contentHash } from '../../loop/contentHash.ts';
import type { SendEvent } from '../../loop/contract/autopilot.ts';
import {
  autopilotCancel,
  autopilotRecap,
  autopilotSend,
  autopilotThread,
} from '../../loop/contract/endpoint.ts';
import { internal } from '../_generated/api.js';
import { answerMessage } from '../chat.ts';
import { recap } from '../recap.ts';
import { answerBySignature, chatSignature } from '../signatureChat.ts';
import type { App } from './access.ts';
import { route } from './route.ts';

/** The chat: one message in, an NDJSON stream of `SendEvent` out. */
export function registerAutopilotRoutes(app: App): void {
  route(
    app,
    autopilotThread,
    async (_, { ctx, user }) => await ctx.runQuery(internal.autopilot.thread, { userId: user?.userId ?? '' }),
  );
  route(app, autopilotSend, async ({ text, threadId, signatureId }, { c, ctx, user, requestId }) => {
    // Refused before anything is stored.
    const chosen =
      signatureId === undefined || signatureId === selectToolId ? null : chatSignature(signatureId);
    const runId = c.req.header('x-oa-run-id') ?? null;
    const { userId, name } = user ?? { userId: '', name: '' };
    const input = chosen ? chosen.chat.input(text) : { message: text, blueprintHint: hintFor(name) };
    const begun = await ctx.runMutation(internal.autopilot.begin, {
      userId,
      name,
      text,
      signatureId: chosen?.id ?? selectToolId,
      inputHash: contentHash(input),
      receiptId: `rcp_${crypto.randomUUID()}`,
      requestId,
      opsRunId: runId,
      threadId: threadId ?? null,
      newThreadId: `thr_${crypto.randomUUID()}`,
      userMessageId: `msg_${crypto.randomUUID()}`,
      messageId: `msg_${crypto.randomUUID()}`,
    });
    const question = { begun, text, input, userId, requestId, runId };
    const stream = ndjson(emit =>
      chosen ? answerBySignature(ctx, question, chosen, emit) : answerMessage(ctx, question, emit),
    );
    return streamed(stream);
  });
  route(app, autopilotRecap, async ({ threadId, ...asked }, { c, ctx, user, requestId }) => {
    const userId = user?.userId ?? '';
    const runId = c.req.header('x-oa-run-id') ?? null;
    const begun = await ctx.runMutation(internal.recapRows.begin, {
      userId,
      requestId,
      opsRunId: runId,
      receiptId: `rcp_${crypto.randomUUID()}`,
      threadId: threadId ?? null,
      messageId: `msg_${crypto.randomUUID()}`,
    });
    return streamed(ndjson(emit => recap(ctx, { ...asked, begun, userId, requestId, runId }, emit)));
  });
  route(app, autopilotCancel, async ({ messageId }, { ctx, user }) => {
    const state = await ctx.runMutation(internal.openPredicts.stop, {
      userId: user?.userId ?? '',
      messageId,
    });
    return { messageId, state };
  });
}

/** What SelectTool is told of the Blueprint. */
function hintFor(name: string): string {
  return `Agent: Autopilot. User: ${name === '' ? 'not named yet' : name}.`;
}

function streamed(body: ReadableStream<Uint8Array>): Response {
  return new Response(body, {
    headers: { 'content-type': 'application/x-ndjson; charset=utf-8', 'cache-control': 'no-store' },
  });
}

/** A body that carries events as lines while `work` makes them. The work goes on when the reader leaves. */
function ndjson(work: (emit: (event: SendEvent) => void) => Promise<void>): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let open = true;
  return new ReadableStream({
    async start(controller) {
      const emit = (event: SendEvent) => {
        if (open) controller.enqueue(encoder.encode(`${JSON.stringify(event)}\n`));
      };
      try {
        await work(emit);
      } finally {
        if (open) controller.close();
        open = false;
      }
    },
    cancel() {
      open = false;
    },
  });
}
