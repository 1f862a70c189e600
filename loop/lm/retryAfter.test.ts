import { expect, test } from '@playwright/test';
import { retryAfterMs } from './retryAfter.ts';

const now = Date.UTC(2026, 0, 2, 3, 4, 5);

for (const [header, expected] of [
  ['7', 7_000],
  ['0', 0],
  [' 1.5 ', 1_500],
  ['Fri, 02 Jan 2026 03:04:35 GMT', 30_000],
  ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
  ['-1', null],
  ['soon', null],
  ['', null],
  [null, null],
] as const)
  test(`Retry-After ${JSON.stringify(header)} means ${expected} ms`, () => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });
