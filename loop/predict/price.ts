import type { LmCall } from '../contract/receipt.ts';
import { freeModels, type Prices } from '../lm/prices.ts';

/**
 * What calls cost in dollars, or null when that is not certain: a model without a known price, tokens nobody counted, or a priced
 * model that broke off and may have charged for it.
 */
export function costOf(calls: readonly LmCall[], known: Prices = {}): number | null {
  const prices: Prices = { ...freeModels, ...known };
  let sum = 0;
  for (const { actualModel, configuredModel, usage, error, attempts } of calls) {
    if (attempts === 0 || error === 'model_rate_limited') continue;
    const price = prices[actualModel ?? configuredModel];
    if (!price) return null;
    if (price.input === 0 && price.output === 0) continue;
    const { inputTokens, outputTokens } = usage;
    if (inputTokens === null || outputTokens === null) return null;
    sum += (inputTokens * price.input + outputTokens * price.output) / 1_000_000;
  }
  return sum;
}
