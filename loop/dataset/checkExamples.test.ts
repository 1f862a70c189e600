import { expect, test } from '@playwright/test';
import { freshBlueprintHint, selectTool } from '../catalog/selectTool.ts';
import type { Example } from '../contract/example.ts';
import { badRows } from './checkExamples.ts';

const row = (
  exampleId: string,
  message: string,
  split: Example['split'] = 'train',
  tool = 'none',
): Example => ({
  exampleId,
  inputJson: { message, blueprintHint: freshBlueprintHint },
  expectedJson: { tool },
  split,
  tags: [],
  meta: {},
});

test('rows that fit are taken', () => {
  expect(badRows(selectTool, [row('a', 'call yourself Max'), row('b', 'what time is it', 'dev')])).toEqual(
    [],
  );
});

test('a label outside the schema, an empty message and an id twice are all named with their rows', () => {
  const bad = badRows(selectTool, [row('a', 'one', 'train', 'juggle'), row('b', ''), row('a', 'three')]);
  expect(bad.map(({ row: at, exampleId }) => [at, exampleId])).toEqual([
    [1, 'a'],
    [2, 'b'],
    [3, 'a'],
  ]);
  expect(bad[2]?.problem).toContain('duplicate exampleId: it is also in row 1');
});

test('nearly the same text in two splits is refused, in one split it is not', () => {
  const text = 'please remember that the rent is due on the third of every month';
  const near = `${text} ok`;
  expect(badRows(selectTool, [row('a', text), row('b', near)])).toEqual([]);
  const [bad] = badRows(selectTool, [row('a', text), row('b', near, 'holdout')]);
  expect(bad).toMatchObject({
    exampleId: 'b',
    problem: expect.stringMatching(/nearly that of a, which is in split train, not holdout/),
  });
});
