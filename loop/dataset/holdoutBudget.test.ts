import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { ALPHA_BUDGET } from '../compile/jobSpec.ts';
import { alphaForOpening } from '../stats/alphaLedger.ts';
import { holdoutBudget, seenKeysOf } from './holdoutBudget.ts';
import type { RevisionEntry } from './revision.ts';

const entry = (n: number, split: RevisionEntry[2] = 'holdout', edition = 1): RevisionEntry => [
  `ex-${n}`,
  `sha256:${n}.${edition}`,
  split,
  `input-${n}`,
];
const rows = (from: number, to: number, split?: RevisionEntry[2]) =>
  Array.from({ length: to - from }, (_, i) => entry(from + i, split));
const budgetAfter = (before: RevisionEntry[], now: RevisionEntry[]) =>
  holdoutBudget(now, new Set(seenKeysOf(before)));

test('the first revision begins a budget, and so does one with a holdout nobody has seen', () => {
  expect(holdoutBudget(rows(0, 100), new Set())).toEqual({ rows: 100, seen: 0, goesOn: false });
  expect(budgetAfter(rows(0, 100), rows(100, 200)).goesOn).toBe(false);
});

test('one row more, less, relabelled or renamed does not buy a new budget', () => {
  const before = rows(0, 100);
  expect(budgetAfter(before, rows(0, 101)).goesOn).toBe(true);
  expect(budgetAfter(before, rows(1, 100)).goesOn).toBe(true);
  expect(budgetAfter(before, [entry(0, 'holdout', 2), ...rows(1, 100)]).goesOn).toBe(true);
  const renamed = before.map(([id, hash, split, key]): RevisionEntry => [`${id}-new`, hash, split, key]);
  const reworded = before.map(([id, hash, split, key]): RevisionEntry => [id, hash, split, `${key}-new`]);
  expect(budgetAfter(before, renamed)).toMatchObject({ seen: 100, goesOn: true });
  expect(budgetAfter(before, reworded)).toMatchObject({ seen: 100, goesOn: true });
});

test('rows that the search has seen do not make a new holdout', () => {
  const before = [...rows(0, 100), ...rows(100, 300, 'train')];
  expect(budgetAfter(before, rows(100, 200))).toEqual({ rows: 100, seen: 100, goesOn: true });
});

test('a new budget costs more than half of a holdout in rows never seen', () => {
  expect(budgetAfter(rows(0, 100), rows(50, 150)).goesOn).toBe(true);
  expect(budgetAfter(rows(0, 100), rows(51, 151)).goesOn).toBe(false);
});

test('revisions that change a little every night spend one budget between them, however they change', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 50 }), { maxLength: 60 }), steps => {
      const seen = new Set<string>();
      let [from, opening, budgets, spent] = [0, 0, 0, 0];
      for (const step of [0, ...steps]) {
        from += step;
        const revision = rows(from, from + 100);
        const { goesOn } = holdoutBudget(revision, seen);
        if (!goesOn) budgets++;
        opening = goesOn ? opening + 1 : 1;
        spent += alphaForOpening({ budget: ALPHA_BUDGET, opening });
        for (const key of seenKeysOf(revision)) seen.add(key);
      }
      expect(budgets).toBe(1);
      expect(spent).toBeLessThan(ALPHA_BUDGET);
    }),
  );
});
