import { expect, test } from '@playwright/test';
import { canonicalJson } from './canonicalJson.ts';
import type { Json } from './contract/json.ts';
import { sameJson } from './sameJson.ts';

const values: Json[] = [
  null,
  true,
  false,
  0,
  1,
  -1.5,
  '',
  '1',
  'true',
  [],
  [null],
  [1, 2],
  [2, 1],
  [[1], 2],
  {},
  { a: 1 },
  { a: null },
  { b: 1 },
  { a: 1, b: [1, { c: 'x' }] },
  { b: [1, { c: 'x' }], a: 1 },
  { b: [1, { c: 'y' }], a: 1 },
  { '0': 1 },
  { length: 0 },
];

test('two values are the same exactly when their canonical JSON is', () => {
  for (const a of values)
    for (const b of values)
      expect(sameJson(a, b), `${JSON.stringify(a)} and ${JSON.stringify(b)}`).toBe(
        canonicalJson(a) === canonicalJson(b),
      );
});
