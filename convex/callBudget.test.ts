import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { selectTool } from '../loop/catalog/selectTool.ts';
import { pool } from '../loop/compile/pool.ts';
import type { Spent } from '../loop/compile/purse.ts';
import { defaultArtifact } from '../loop/signature.ts';
import { CallBudget } from './callBudget.ts';

const artifact = defaultArtifact(selectTool, { main: 'm', sub: 'm', repair: 'm', judge: 'j' });
const nothing = { modelCalls: 0, tokens: 0, costUsd: 0 };
const nothingSpent: Spent = { calls: 0, tokens: 0, costUsd: 0 };

/** A call that takes a turn of the event loop and costs this. */
const answering = (spent: Spent) => async () => {
  await new Promise(resolve => setImmediate(resolve));
  return { spent };
};

test('calls at once never break a limit, whatever each needs, and what is left is used', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 0, max: 40 }),
      fc.array(fc.integer({ min: 1, max: 2 }), { minLength: 40, maxLength: 40 }),
      async (calls, costs) => {
        const budget = new CallBudget(nothing, { calls, tokens: null, usd: null });
        const run = pool(
          costs,
          () => 7,
          async cost => {
            await budget.spend(artifact, false, answering({ calls: cost, tokens: 0, costUsd: 0 }));
          },
        );
        await expect(run).rejects.toMatchObject({
          data: expect.stringContaining('limit_reached'),
        });
        expect(budget.total.modelCalls).toBeLessThanOrEqual(calls);
        expect(budget.total.modelCalls).toBeGreaterThanOrEqual(calls - 1);
      },
    ),
    { numRuns: 30 },
  );
});

test('what was spent before a kill counts', async () => {
  const budget = new CallBudget({ ...nothing, modelCalls: 9 }, { calls: 10, tokens: null, usd: null });
  await expect(budget.spend(artifact, false, answering(nothingSpent))).rejects.toMatchObject({
    data: expect.stringContaining('limit_reached'),
  });
});

test('a limit on dollars without a price is refused', async () => {
  const budget = new CallBudget(nothing, { calls: null, tokens: null, usd: 5 });
  const spent = { calls: 1, tokens: 10, costUsd: null };
  await expect(budget.spend(artifact, false, answering(spent))).rejects.toThrow('OA_LM_PRICES');
});

test('calls that start together before any cost is known do not break a limit of tokens', async () => {
  const budget = new CallBudget(nothing, { calls: null, tokens: 350, usd: null });
  const run = pool(
    Array.from({ length: 20 }, () => 100),
    () => 16,
    async tokens => {
      await budget.spend(artifact, false, answering({ calls: 1, tokens, costUsd: 0 }));
    },
  );
  await expect(run).rejects.toMatchObject({ data: expect.stringContaining('350 tokens') });
  expect(budget.total.tokens).toBe(300);
});

test('a call that ends in an error gives back what it had reserved, and those that wait go on', async () => {
  const budget = new CallBudget(nothing, { calls: 2, tokens: null, usd: null });
  const broken = budget.spend(artifact, false, async () => {
    await new Promise(resolve => setImmediate(resolve));
    throw new Error('broken');
  });
  const waiting = budget.spend(artifact, false, answering({ calls: 1, tokens: 0, costUsd: 0 }));
  await expect(broken).rejects.toThrow('broken');
  await waiting;
  expect(budget.total.modelCalls).toBe(1);
});
