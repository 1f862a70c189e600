import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { type DriftRow, driftOf } from './drift.ts';

const row = (exampleId: string, changes: Partial<DriftRow> = {}): DriftRow => ({
  exampleId,
  contentHash: `${exampleId} ${JSON.stringify(changes)}`,
  split: 'train',
  label: 'none',
  text: `text of ${exampleId}`,
  ...changes,
});
const revision = (datasetHash: string, rows: DriftRow[]) => ({ datasetHash, rows });

test('rows added, removed, changed and moved are told apart, and the same row is told as none of them', () => {
  const drift = driftOf(
    revision('one', [row('same'), row('gone'), row('relabelled'), row('walked', { split: 'dev' })]),
    revision('two', [
      row('same'),
      row('relabelled', { label: 'billing' }),
      row('walked', { split: 'train' }),
      row('fresh'),
    ]),
  );
  expect(drift).toMatchObject({
    from: 'one',
    to: 'two',
    added: 1,
    removed: 1,
    changed: 1,
    moved: 1,
    same: 1,
  });
  expect(drift.changes.map(({ exampleId, kind }) => [exampleId, kind])).toEqual([
    ['relabelled', 'changed'],
    ['walked', 'moved'],
    ['fresh', 'added'],
    ['gone', 'removed'],
  ]);
  expect(drift.changes[0]).toMatchObject({
    fromLabel: 'none',
    toLabel: 'billing',
    toText: 'text of relabelled',
  });
});

test('texts of the holdout stay sealed, also when a row comes into it or leaves it', () => {
  const drift = driftOf(
    revision('one', [row('a', { split: 'holdout' }), row('b', { split: 'holdout' }), row('c')]),
    revision('two', [row('a', { split: 'holdout', text: 'new' }), row('b'), row('c', { split: 'holdout' })]),
  );
  expect(drift.changes).toHaveLength(3);
  for (const change of drift.changes) expect(change).toMatchObject({ fromText: null, toText: null });
  expect(drift.leakedToHoldout, 'the search has seen c').toBe(1);
});

test('the first revision has rows but nothing to differ from', () => {
  expect(driftOf(null, revision('one', [row('a'), row('b')]))).toMatchObject({
    from: null,
    added: 2,
    labelDistance: null,
    textDistance: null,
    newWordShare: null,
  });
});

test('a shift of the labels and of the words is a distance, and no change is none', () => {
  const rows = Array.from({ length: 40 }, (_, i) => row(`r${i}`, { label: i % 2 === 0 ? 'a' : 'b' }));
  const still = driftOf(revision('one', rows), revision('two', rows));
  expect(still).toMatchObject({ labelDistance: 0, textDistance: 0, newWordShare: 0, changes: [] });
  const shifted = rows.map(old => ({ ...old, contentHash: 'new', label: 'a', text: 'entirely other words' }));
  const drift = driftOf(revision('one', rows), revision('two', shifted));
  expect(drift.labelDistance).toBeGreaterThan(0.5);
  expect(drift.textDistance).toBeCloseTo(1);
  expect(drift.newWordShare).toBe(1);
});

test('the counts add up, whatever changed, and a long list says how much it leaves out', () => {
  const rows = fc.uniqueArray(
    fc.record({
      id: fc.integer({ min: 0, max: 600 }),
      split: fc.constantFrom('train' as const, 'holdout' as const),
      label: fc.constantFrom('a', 'b'),
    }),
    { selector: ({ id }) => id, maxLength: 500 },
  );
  fc.assert(
    fc.property(rows, rows, (before, after) => {
      const made = (list: typeof before) => list.map(({ id, ...rest }) => row(`r${id}`, rest));
      const drift = driftOf(revision('one', made(before)), revision('two', made(after)));
      const { added, removed, changed, moved, same } = drift;
      expect(added + changed + moved + same).toBe(after.length);
      expect(removed + changed + moved + same).toBe(before.length);
      expect(drift.changes.length + drift.changesLeftOut).toBe(added + removed + changed + moved);
      expect(drift.labels.reduce((sum, label) => sum + label.after, 0)).toBe(after.length);
    }),
    { numRuns: 50 },
  );
});
