import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { wordDiff } from './wordDiff.ts';

const side = (diff: ReturnType<typeof wordDiff>, dropped: string) =>
  diff
    .filter(part => part.op !== dropped)
    .map(part => part.text)
    .join('');

test('a changed word stands out, and what is around it stays', () => {
  expect(wordDiff('Choose the best tool.', 'Choose the one tool.')).toEqual([
    { op: 'same', text: 'Choose the ' },
    { op: 'del', text: 'best' },
    { op: 'add', text: 'one' },
    { op: 'same', text: ' tool.' },
  ]);
});

test('a changed phrase is one change, not one for each of its words', () => {
  expect(wordDiff('Answer in two words.', 'Answer with one short sentence.')).toEqual([
    { op: 'same', text: 'Answer ' },
    { op: 'del', text: 'in two words' },
    { op: 'add', text: 'with one short sentence' },
    { op: 'same', text: '.' },
  ]);
});

test('kept and removed words give the old line back, kept and added ones the new', () => {
  const words = fc.array(fc.constantFrom('a', 'b', 'é', ' ', '  ', ', ', '.', '😀', '\u{d800}'));
  const line = fc.oneof(
    words.map(list => list.join('')),
    fc.string(),
  );
  fc.assert(
    fc.property(line, line, (before, after) => {
      const diff = wordDiff(before, after);
      expect(side(diff, 'add')).toBe(before);
      expect(side(diff, 'del')).toBe(after);
    }),
  );
});

test('so they do for a line of any length, and no two neighbours are of a kind', () => {
  const long = 'word '.repeat(2_000);
  const diff = wordDiff(`${long}old`, `${long}new`);
  expect([side(diff, 'add'), side(diff, 'del')]).toEqual([`${long}old`, `${long}new`]);
  fc.assert(
    fc.property(fc.string(), fc.string(), (before, after) => {
      const ops = wordDiff(before, after).map(part => part.op);
      expect(ops.some((op, at) => op === ops[at + 1])).toBe(false);
    }),
  );
});
