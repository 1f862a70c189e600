import type { LmCall } from '../contract/receipt.ts';

/** United States dollars per million tokens. Only models whose price is certain: the offline models are free. */
const prices: Readonly<Record<string, { readonly input: number; readonly output: number }>> = {
  'overnight-offline-1': { input: 0, output: 0 },
  'overnight-offline-judge-1': { input: 0, output: 0 },
};

/** What calls cost in dollars, or null when a model that answered has no known price. */
export function costOf(calls: readonly LmCall[]): number | null {
  let sum = 0;
  for (const call of calls) {
    if (call.actualModel === null) continue;
    const price = prices[call.actualModel];
    if (!price) return null;
    const { inputTokens, outputTokens } = call.usage;
    if (inputTokens === null || outputTokens === null) return null;
    sum += (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
  }
  return sum;
}
