import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { promptDiff } from './promptDiff.ts';

const lines = fc.array(fc.constantFrom('a', 'b', 'c', ''), { minLength: 1 }).map(list => list.join('\n'));

test('kept and removed lines give the old prompt back, kept and added ones the new', () => {
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const diff = promptDiff(before, after);
      const side = (dropped: string) =>
        diff
          .filter(line => line.op !== dropped)
          .map(line => line.text)
          .join('\n');
      expect(side('add')).toBe(before);
      expect(side('del')).toBe(after);
    }),
  );
});

test('one changed line is one line out and one in', () => {
  expect(promptDiff('same\nold', 'same\nnew')).toEqual([
    { op: 'same', text: 'same' },
    { op: 'del', text: 'old' },
    { op: 'add', text: 'new' },
  ]);
});
