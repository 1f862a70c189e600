import { v } from 'convex/values';
import type { Receipt } from '../loop/contract/receipt.ts';
import { type OtlpTarget, otlpTarget } from '../loop/telemetry/otlpTarget.ts';
import { otlpBody } from '../loop/telemetry/spansOf.ts';
import { internal } from './_generated/api.js';
import { internalAction, type MutationCtx } from './_generated/server.js';

/** A collector that takes longer has lost these spans. */
const EXPORT_MS = 5_000;

/** Has the spans of stored receipts sent to the collector that the deployment's variables name, if any. Nothing waits for it. */
export async function exportLater(ctx: MutationCtx, receiptIds: string[]): Promise<void> {
  const { OTEL_EXPORTER_OTLP_ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT } = process.env;
  if (!OTEL_EXPORTER_OTLP_ENDPOINT && !OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return;
  if (receiptIds.length > 0) await ctx.scheduler.runAfter(0, internal.telemetry.exportSpans, { receiptIds });
}

/** Sends the spans of receipts, once. A failure is logged and changes nothing. */
export const exportSpans = internalAction({
  args: { receiptIds: v.array(v.string()) },
  handler: async (ctx, { receiptIds }): Promise<void> => {
    try {
      // Convex knows only direct reads of process.env members.
      const target = otlpTarget({
        OTEL_EXPORTER_OTLP_ENDPOINT: process.env.OTEL_EXPORTER_OTLP_ENDPOINT,
        OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: process.env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT,
        OTEL_EXPORTER_OTLP_HEADERS: process.env.OTEL_EXPORTER_OTLP_HEADERS,
      });
      if (!target) return;
      const rows = await Promise.all(
        receiptIds.map(receiptId => ctx.runQuery(internal.receipts.byId, { receiptId })),
      );
      const receipts = rows.flatMap(row => (row ? [JSON.parse(row.receiptJson) as Receipt] : []));
      await post(target, otlpBody(receipts));
    } catch (error) {
      // The address may hold a credential, so it is not named.
      const spans = `spans of ${receiptIds.length} receipts, from ${receiptIds[0]} on`;
      console.error(JSON.stringify({ level: 'warn', lost: spans, error: String(error) }));
    }
  },
});

async function post({ url, headers }: OtlpTarget, body: string): Promise<void> {
  const abort = new AbortController();
  const timer = setTimeout(() => abort.abort(), EXPORT_MS);
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { ...headers, 'content-type': 'application/json' },
      body,
      signal: abort.signal,
    });
    if (!answer.ok) throw new Error(`the OTLP endpoint answered ${answer.status}`);
    await answer.text();
  } catch (error) {
    throw abort.signal.aborted
      ? new Error(`the OTLP endpoint did not answer in ${EXPORT_MS} ms`, { cause: error })
      : error;
  } finally {
    clearTimeout(timer);
  }
}
