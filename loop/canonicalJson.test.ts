import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { CanonicalJsonError, canonicalJson } from './canonicalJson.ts';
import { seededRandom, shuffle } from './stats/random.ts';

test('should write the example of RFC 8785 section 3.2.2', () => {
  const value: unknown = JSON.parse(String.raw`{
    "numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
    "literals": [null, true, false]
  }`);
  expect(canonicalJson(value)).toBe(
    String.raw`{"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],"string":"€$\u000f\nA'B\"\\\\\"/"}`,
  );
});

test('should sort keys by code unit, as the example of RFC 8785 section 3.2.3', () => {
  const keys = ['\u20ac', '\r', '\ufb33', '1', '\u{1f600}', '\u0080', '\u00f6'];
  const sorted = ['\r', '1', '\u0080', '\u00f6', '\u20ac', '\u{1f600}', '\ufb33'];
  expect(canonicalJson(Object.fromEntries(keys.map(key => [key, 0])))).toBe(
    `{${sorted.map(key => `${JSON.stringify(key)}:0`).join(',')}}`,
  );
  expect(canonicalJson({ a: 0, B: 0, ä: 0, z: 0 })).toBe('{"B":0,"a":0,"z":0,"ä":0}');
});

test('should not depend on the order in which keys were added', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.string(), (value, seed) => {
      const random = seededRandom(seed);
      expect(canonicalJson(reordered(value, keys => shuffle(keys, random)))).toBe(canonicalJson(value));
    }),
  );
});

test('should be valid JSON that is stable under a round trip', () => {
  fc.assert(
    fc.property(fc.jsonValue(), value => {
      const text = canonicalJson(value);
      expect(canonicalJson(JSON.parse(text))).toBe(text);
      expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

test('should take members named __proto__ and objects without a prototype', () => {
  expect(canonicalJson(JSON.parse('{"b":1,"__proto__":{"a":2}}'))).toBe('{"__proto__":{"a":2},"b":1}');
  expect(canonicalJson(Object.assign(Object.create(null), { b: 1, a: -0 }))).toBe('{"a":0,"b":1}');
});

test('should take the same object twice, but not inside itself', () => {
  const shared = { a: 1 };
  expect(canonicalJson([shared, shared])).toBe('[{"a":1},{"a":1}]');
  const loop: Record<string, unknown> = {};
  loop.self = [loop];
  expect(() => canonicalJson(loop)).toThrow('No canonical JSON for $.self[0]: it contains itself');
});

const refused: [string, unknown, string][] = [
  ['undefined', undefined, '$'],
  ['an undefined member', { a: { b: undefined } }, '$.a.b'],
  ['a hole in an array', { a: new Array(1) }, '$.a[0]'],
  ['a function', [() => 1], '$[0]'],
  ['a symbol', Symbol('x'), '$'],
  ['a bigint', { 'odd key': 1n }, '$["odd key"]'],
  ['NaN', [1, Number.NaN], '$[1]'],
  ['Infinity', { deep: [{ x: Number.NEGATIVE_INFINITY }] }, '$.deep[0].x'],
  ['a lone surrogate', ['\ud83d'], '$[0]'],
  ['a lone surrogate in a key', { 'x\ude00': 1 }, '$["x\\ude00"]'],
  ['a Date', { at: new Date(0) }, '$.at'],
  ['a Map', new Map(), '$'],
];
for (const [what, value, path] of refused) {
  test(`should refuse ${what} and name its path`, () => {
    expect(() => canonicalJson(value)).toThrow(CanonicalJsonError);
    expect(() => canonicalJson(value)).toThrow(`No canonical JSON for ${path}: `);
  });
}

function reordered(value: unknown, order: (keys: string[]) => string[]): unknown {
  if (Array.isArray(value)) return value.map(item => reordered(item, order));
  if (typeof value !== 'object' || value === null) return value;
  const entries = new Map(Object.entries(value));
  return Object.fromEntries(order([...entries.keys()]).map(key => [key, reordered(entries.get(key), order)]));
}
