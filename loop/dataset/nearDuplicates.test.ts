import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { Split } from '../contract/example.ts';
import { leaksBetweenSplits, type SplitText } from './nearDuplicates.ts';

const row = (text: string, split: Split = 'train'): SplitText => ({ split, text });

test('the same words in another split are an exact leak, four of five a near one, three of five none', () => {
  const rows = [
    row('send the rent on Monday'),
    row('On monday, SEND the rent!', 'holdout'),
    row('send the rent on Monday please', 'dev'),
    row('send the bill on Tuesday', 'canary'),
  ];
  expect(leaksBetweenSplits(rows)).toEqual([
    { row: 1, of: 0, exact: true },
    { row: 2, of: 0, exact: false },
  ]);
});

test('a text without words is compared as it is', () => {
  expect(leaksBetweenSplits([row('👍'), row('🎉', 'dev'), row(' 👍 ', 'holdout')])).toEqual([
    { row: 2, of: 0, exact: true },
  ]);
});

test('rows before the first new one are not compared with each other', () => {
  expect(leaksBetweenSplits([row('call me Max'), row('call me Max', 'dev')], 2)).toEqual([]);
});

test('every leak that comparing all rows with each other finds is found', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f', 'g'), { minLength: 1, maxLength: 9 });
  const rows = fc.array(
    fc.record({
      text: words.map(list => list.join(' ')),
      split: fc.constantFrom<Split>('train', 'dev', 'holdout'),
    }),
    { maxLength: 25 },
  );
  fc.assert(
    fc.property(rows, list => {
      const sets = list.map(({ text }) => new Set(text.split(' ')));
      const alike = (i: number, j: number) => {
        const [a, b] = [sets[i] ?? new Set(), sets[j] ?? new Set()];
        const common = [...a].filter(word => b.has(word)).length;
        return common / (a.size + b.size - common) >= 0.8;
      };
      const leaking = list.flatMap((here, i) =>
        list.slice(0, i).some((there, j) => there.split !== here.split && alike(i, j)) ? [i] : [],
      );
      expect(leaksBetweenSplits(list).map(leak => leak.row)).toEqual(leaking);
    }),
    { numRuns: 300 },
  );
});

test('ten thousand rows of one template are compared without comparing all with all', () => {
  const rows = Array.from({ length: 10_000 }, (_, i) =>
    row(`please set a timer for ${i} minutes and tell me when it is done`),
  );
  const other = row('please set a timer for 17 minutes and tell me when it is done', 'holdout');
  // All with all would be fifty million comparisons, far beyond the time-out of a test.
  expect(leaksBetweenSplits([...rows, other])).toEqual([{ row: 10_000, of: 17, exact: true }]);
});
