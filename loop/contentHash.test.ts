import { expect, test } from '@playwright/test';
import { contentHash } from './contentHash.ts';

test('should be the sha256 of the canonical JSON', () => {
  expect(contentHash({ b: 1, a: 2 })).toBe(
    'sha256:d3626ac30a87e6f7a6428233b3c68299976865fa5508e4267c5415c76af7a772',
  );
  expect(contentHash({ a: 2, b: 1 })).toBe(contentHash({ b: 1, a: 2 }));
  expect(contentHash({ a: 2, b: 1 })).not.toBe(contentHash({ a: 2, b: '1' }));
});
