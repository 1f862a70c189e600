import { expect, test } from '@playwright/test';
import { bugLine } from './bugLine.ts';

const context = { signatureId: 'a/B.v1', requestId: 'req_1' };

test('a bug is one line with its stack, its signature and its request', () => {
  const line = bugLine(new TypeError('x is not a function'), context, []);
  expect(line).not.toContain('\n');
  expect(JSON.parse(line)).toMatchObject({
    level: 'error',
    ...context,
    error: expect.stringMatching(/^TypeError: x is not a function\n\s+at /),
  });
});

test('a secret that a bug quotes is not logged, and neither is a whole prompt', () => {
  const line = bugLine(`Bearer sk-1234 is no header, sk-1234 ${'x'.repeat(9_000)}`, context, ['sk-1234']);
  expect(line).not.toContain('sk-1234');
  expect(line).toContain('Bearer [secret] is no header');
  expect(line.length).toBeLessThan(2_200);
});
