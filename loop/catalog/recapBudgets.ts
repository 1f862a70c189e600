import type { Budgets } from '../contract/params.ts';

/** How much a recap may use. `maxPromptChars` is what `direct.v1` can read at all; `rlm_lite.v1` reads further, part by part. */
export const recapBudgets = {
  small: {
    maxTimeMs: 20_000,
    maxLmCalls: 24,
    maxOutputChars: 20_000,
    maxPromptChars: 24_000,
    maxToolCalls: 0,
    maxRlmIterations: 8,
    maxSubLmCalls: 12,
  },
  medium: {
    maxTimeMs: 60_000,
    maxLmCalls: 64,
    maxOutputChars: 20_000,
    maxPromptChars: 60_000,
    maxToolCalls: 0,
    maxRlmIterations: 12,
    maxSubLmCalls: 48,
  },
  long: {
    maxTimeMs: 240_000,
    maxLmCalls: 240,
    maxOutputChars: 20_000,
    maxPromptChars: 240_000,
    maxToolCalls: 0,
    maxRlmIterations: 20,
    maxSubLmCalls: 200,
  },
} as const satisfies Record<string, Budgets>;
export type RecapBudget = keyof typeof recapBudgets;

/** What a recap answers when nobody asks for something else. */
export const RECAP_QUESTION =
  'What was asked for, decided and done? Keep names, places, dates, times, prices and numbers.';
