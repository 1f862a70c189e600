import type { SignatureCard } from '../loop/contract/autopilot.ts';
import type { Receipt } from '../loop/contract/receipt.ts';

/** What a signature card shows of a receipt. */
export function cardOf(receipt: Receipt, tool: string | null): SignatureCard {
  const { limits, used } = receipt.budgets;
  const of = (count: number, most: number | undefined, what: string) =>
    most === undefined ? [] : [`${count} of ${most} ${what}`];
  return {
    signatureId: receipt.signatureId,
    receiptId: receipt.receiptId,
    requestId: receipt.requestId,
    compiledId: receipt.compiledId,
    arm: receipt.arm,
    strategy: receipt.strategy,
    model: receipt.calls.at(-1)?.actualModel ?? 'none answered',
    tool,
    error: receipt.result.ok ? null : receipt.result.error.message,
    ms: receipt.ms,
    budgets: [
      `${used.lmCalls} of ${limits.maxLmCalls} calls`,
      ...of(used.rlmIterations, limits.maxRlmIterations, 'turns'),
      ...of(used.subLmCalls, limits.maxSubLmCalls, 'sub calls'),
      ...of(used.promptChars ?? 0, limits.maxPromptChars, 'prompt characters'),
      `${Math.round(used.timeMs)} of ${limits.maxTimeMs} ms`,
    ].join(', '),
    traceId: receipt.traceId,
    counters: {
      lmCalls: used.lmCalls,
      rlmIterations: used.rlmIterations,
      subLmCalls: used.subLmCalls,
      toolCalls: used.toolCalls,
      repairs: receipt.repairs,
      inputTokens: receipt.usage.inputTokens,
      outputTokens: receipt.usage.outputTokens,
    },
  };
}
