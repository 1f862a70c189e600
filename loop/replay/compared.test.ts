import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { jsonSchema } from '../contract/json.ts';
import { compared, firstDifference } from './compared.ts';

test('equal decisions are ok, whatever the order of their keys', () => {
  const told = (value: Record<string, number>) => ({ words: 'kept', value });
  expect(compared('gate', told({ a: 1, b: 2 }), told({ b: 2, a: 1 }))).toEqual({
    decision: 'gate',
    stored: 'kept',
    recomputed: 'kept',
    outcome: 'ok',
    why: null,
  });
});

test('the first difference is named by its path, with both values', () => {
  const stored = { passed: true, fixed: [{ id: 'a' }, { id: 'b' }] };
  const recomputed = { passed: true, fixed: [{ id: 'a' }, { id: 'c' }] };
  expect(firstDifference(stored, recomputed)).toBe('fixed.1.id: "b" stored, "c" recomputed');
  expect(firstDifference({ gate: null }, { gate: { passed: false } })).toBe(
    'gate: null stored, {"passed":false} recomputed',
  );
  expect(firstDifference([1, 2], [1])).toBe('1: 2 stored, null recomputed');
});

test('a difference is found if and only if there is one', () => {
  const json = fc
    .jsonValue({ maxDepth: 3 })
    .map(value => jsonSchema.parse(JSON.parse(JSON.stringify(value))));
  fc.assert(
    fc.property(json, json, (a, b) => {
      expect(firstDifference(a, a)).toBeNull();
      if (JSON.stringify(a) !== JSON.stringify(b) && typeof a !== typeof b)
        expect(firstDifference(a, b)).not.toBeNull();
    }),
  );
});
