import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { freshBlueprintHint, selectTool } from '../catalog/selectTool.ts';
import type { Example } from '../contract/example.ts';
import { badRows, datasetHash, exampleHash, type RevisionEntry } from './checkExamples.ts';

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

test('the hash of a revision does not depend on the order of its rows, but on every content and split', () => {
  const entry = fc.tuple(
    fc.string({ minLength: 1 }),
    fc.string(),
    fc.constantFrom('train' as const, 'dev' as const),
  );
  fc.assert(
    fc.property(fc.uniqueArray(entry, { selector: ([id]) => id, minLength: 1 }), entries => {
      const list: RevisionEntry[] = entries;
      expect(datasetHash([...list].reverse())).toBe(datasetHash(list));
      const [[id, hash, split], ...rest] = list as [RevisionEntry, ...RevisionEntry[]];
      expect(datasetHash([[id, `${hash}x`, split], ...rest])).not.toBe(datasetHash(list));
    }),
  );
});

test('the hash of a row changes with its label and its split', () => {
  const original = exampleHash(row('a', 'hello'));
  expect(exampleHash(row('a', 'hello', 'dev'))).not.toBe(original);
  expect(exampleHash(row('a', 'hello', 'train', 'memory_append'))).not.toBe(original);
});
