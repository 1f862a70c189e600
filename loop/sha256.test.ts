import { createHash } from 'node:crypto';
import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { sha256Hex } from './sha256.ts';

const reference = (input: Uint8Array | string) => createHash('sha256').update(input).digest('hex');

test('should give the digests of FIPS 180-4', () => {
  expect(sha256Hex('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  expect(sha256Hex('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
});

test('should agree with node:crypto at every length around the block edges', () => {
  const inputs = Array.from({ length: 201 }, (_, length) => Uint8Array.from({ length }, (_, i) => i * 7));
  expect(inputs.map(sha256Hex)).toEqual(inputs.map(reference));
});

test('should agree with node:crypto on any text and on views into a larger buffer', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), text => sha256Hex(text) === reference(text)));
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 5, maxLength: 300 }), bytes => {
      const view = bytes.subarray(3);
      return sha256Hex(view) === reference(view);
    }),
  );
});

test('should hash a megabyte', () => {
  const bytes = new Uint8Array(1_000_003).fill(0xa5);
  expect(sha256Hex(bytes)).toBe(reference(bytes));
});
