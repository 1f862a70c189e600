import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { freshBlueprintHint } from '../catalog/selectTool.ts';
import type { Example } from '../contract/example.ts';
import { datasetHash, entryOf, exampleHash, type RevisionEntry } from './revision.ts';

const row = (exampleId: string, message: string, changes: Partial<Example> = {}): Example => ({
  exampleId,
  inputJson: { message, blueprintHint: freshBlueprintHint },
  expectedJson: { tool: 'none' },
  split: 'train',
  tags: [],
  meta: {},
  ...changes,
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
  expect(exampleHash(row('a', 'hello', { split: 'dev' }))).not.toBe(original);
  expect(exampleHash(row('a', 'hello', { expectedJson: { tool: 'memory_append' } }))).not.toBe(original);
});

test('a row is known again by its input when its id, label, split or tags change', () => {
  const keyOf = (example: Example) => entryOf(example, exampleHash(example))[3];
  const original = keyOf(row('a', 'hello'));
  expect(
    keyOf(row('b', 'hello', { split: 'holdout', tags: ['new'], expectedJson: { tool: 'user_update' } })),
  ).toBe(original);
  expect(keyOf(row('a', 'hello there'))).not.toBe(original);
});
