import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { jsonSchema } from './json.ts';

test('whatever JSON.parse can answer is JSON', () => {
  fc.assert(fc.property(fc.jsonValue(), value => jsonSchema.safeParse(value).success));
});

test('what JSON cannot carry is refused wherever it stands', () => {
  const strange = fc.constantFrom(undefined, Number.NaN, Number.POSITIVE_INFINITY, 1n, Symbol('s'), () => 1);
  fc.assert(
    fc.property(
      strange,
      value =>
        !jsonSchema.safeParse(value).success &&
        !jsonSchema.safeParse([value]).success &&
        !jsonSchema.safeParse({ a: { b: [1, value] } }).success,
    ),
  );
});

test('what nests deeper than anybody walks is refused, not crashed on', () => {
  const nested = (depth: number) => JSON.parse('['.repeat(depth) + ']'.repeat(depth)) as unknown;
  expect(jsonSchema.safeParse(nested(100)).success).toBe(true);
  expect(jsonSchema.safeParse(nested(100_000)).error?.issues[0]?.message).toContain(
    'nested at most 100 deep',
  );
});
