import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { type DiffLine, foldDiff } from './foldDiff.ts';

const same = (text: string): DiffLine => ({ op: 'same', text });

test('keeps two unchanged lines around a change and folds the rest', () => {
  const diff = [...'abcdef'].map(same);
  diff.splice(4, 0, { op: 'add', text: 'new' });
  const runs = foldDiff(diff);
  expect(runs.map(run => [run.folded, run.lines.map(line => line.text).join('')])).toEqual([
    [true, 'ab'],
    [false, 'cdnewef'],
  ]);
});

test('a single unchanged line is shown, since folding it would take as much room', () => {
  const runs = foldDiff([same('a'), same('b'), same('c'), { op: 'del', text: 'old' }]);
  expect(runs.some(run => run.folded)).toBe(false);
});

test('no line is lost, doubled or moved', () => {
  const line = fc.record({ op: fc.constantFrom('same', 'add', 'del'), text: fc.string() });
  fc.assert(
    fc.property(fc.array(line as fc.Arbitrary<DiffLine>), diff => {
      expect(foldDiff(diff).flatMap(run => run.lines)).toEqual(diff);
    }),
  );
});
