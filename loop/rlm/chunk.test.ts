import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { cutText } from './chunk.ts';

const textOfAnyKind = fc.array(fc.oneof(fc.string({ unit: 'binary' }), fc.lorem(), fc.constant('\n')), {
  maxLength: 30,
});

test('chunks hold every character in order, keep the size, and always go forward', () => {
  fc.assert(
    fc.property(
      textOfAnyKind,
      fc.integer({ min: 8, max: 90 }),
      fc.integer({ min: 0, max: 200 }),
      (parts, size, overlap) => {
        const text = parts.join(' ');
        const cuts = cutText(text, size, overlap);
        const wrong = cuts.filter(({ start, end }, at) => {
          const before = cuts[at - 1] ?? { start: -1, end: 0 };
          const isNext = start <= before.end && start > before.start && end > before.end;
          return !isNext || end - start > size + 1;
        });
        expect({ wrong, end: cuts.at(-1)?.end ?? 0 }).toEqual({ wrong: [], end: text.length });
      },
    ),
    { numRuns: 1_000, examples: [[['rhoncus', '\u{10000}'], 2, 1]] },
  );
});

test('a chunk never ends between the halves of a surrogate pair', () => {
  for (const { start, end } of cutText('😀'.repeat(50), 7, 3)) {
    expect(start % 2).toBe(0);
    expect(end % 2).toBe(0);
  }
});

test('a chunk ends where a line does, if one does near', () => {
  const text = `${'a'.repeat(40)}\n${'b'.repeat(40)}\n${'c'.repeat(40)}`;
  expect(cutText(text, 48, 0).map(({ start, end }) => text.slice(start, end).trimEnd())).toEqual([
    'a'.repeat(40),
    'b'.repeat(40),
    'c'.repeat(40),
  ]);
});
