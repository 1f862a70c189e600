import { expect, test } from '@playwright/test';
import { searchLines } from './searchLines.ts';
import { Variables } from './variables.ts';

const text = ['user: Where is the key?', 'assistant: Under the blue pot.', '', 'user: Thanks, the pot!'].join(
  '\n',
);
const variable = new Variables().addText('thread', text, 'input', 'untrusted');

test('a search answers with the spans and lines that hold the words', () => {
  const found = searchLines(variable, 'blue pot');
  expect(found.map(({ lines }) => lines)).toEqual([
    { first: 2, last: 2 },
    { first: 4, last: 4 },
  ]);
  expect(found.map(({ start, end }) => text.slice(start, end))).toEqual([
    'assistant: Under the blue pot.',
    'user: Thanks, the pot!',
  ]);
});

test('words that no line holds find nothing', () => {
  expect(searchLines(variable, 'harbour ???')).toEqual([]);
});
