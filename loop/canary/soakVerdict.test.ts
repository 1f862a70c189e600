import { expect, test } from '@playwright/test';
import { soakVerdict } from './soakVerdict.ts';

test('an artifact that answers stays', () => {
  expect(soakVerdict({ n: 30, failures: 0 })).toMatchObject({ healthy: true });
  expect(soakVerdict({ n: 30, failures: 1 })).toMatchObject({ healthy: true });
});

test('an artifact that always fails is taken back after a few answers', () => {
  expect(soakVerdict({ n: 3, failures: 3 })).toMatchObject({ healthy: false });
});

test('no answer at all is not healthy', () => {
  expect(soakVerdict({ n: 0, failures: 0 })).toMatchObject({
    healthy: false,
    reason: expect.stringMatching(/No answer/),
  });
});
