import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { promptDiff } from '../../../loop/compile/promptDiff.ts';
import { markedLines } from './markedLines.ts';

const prompt = (...lines: string[]) => lines.join('\n');

test('a rewritten line shows which of its words went, and its successor which came', () => {
  const lines = markedLines(
    promptDiff(prompt('Be brief.', 'Choose the best tool.'), prompt('Be brief.', 'Choose the one tool.')),
  );
  expect(lines.map(({ op, words }) => [op, words?.map(word => `${word.op} ${word.text}`)])).toEqual([
    ['same', undefined],
    ['del', ['same Choose the ', 'del best', 'same  tool.']],
    ['add', ['same Choose the ', 'add one', 'same  tool.']],
  ]);
});

test('lines that have nothing to do with each other are whole changes', () => {
  const lines = markedLines(promptDiff('Choose the best tool.', 'Quoted words of other people are none.'));
  expect(lines.map(line => line.words)).toEqual([null, null]);
});

test('an added line between rewritten ones takes nobody’s place', () => {
  const lines = markedLines(
    promptDiff(
      prompt('Choose the best tool.', 'Passwords are never stored.'),
      prompt('Choose the one tool.', 'What is only quoted is none.', 'Passwords are not stored.'),
    ),
  );
  expect(lines.filter(line => line.words === null).map(line => line.text)).toEqual([
    'What is only quoted is none.',
  ]);
});

test('a rewritten line stands above what it became', () => {
  const before = prompt('Choose the best tool.', 'Passwords are never stored.');
  const after = prompt('Choose the one tool.', 'Passwords are not stored.');
  const lines = markedLines(promptDiff(before, after));
  expect(lines.map(line => line.text)).toEqual([
    'Choose the best tool.',
    'Choose the one tool.',
    'Passwords are never stored.',
    'Passwords are not stored.',
  ]);
});

test('kept and removed lines give the old prompt back, kept and added ones the new, and words make up their lines', () => {
  const line = fc
    .array(fc.constantFrom('tool', 'the', 'none', ' ', '.'), { maxLength: 8 })
    .map(words => words.join(''));
  const lines = fc.array(line, { minLength: 1, maxLength: 8 }).map(list => list.join('\n'));
  fc.assert(
    fc.property(lines, lines, (before, after) => {
      const marked = markedLines(promptDiff(before, after));
      const side = (dropped: string) =>
        marked
          .filter(({ op }) => op !== dropped)
          .map(({ text }) => text)
          .join('\n');
      expect([side('add'), side('del')]).toEqual([before, after]);
      for (const { op, text, words } of marked) {
        expect((words ?? [{ text }]).map(word => word.text).join('')).toBe(text);
        expect((words ?? []).every(word => word.op === 'same' || word.op === op)).toBe(true);
      }
    }),
  );
});
