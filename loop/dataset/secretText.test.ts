import { expect, test } from '@playwright/test';
import { holdsSecret } from './secretText.ts';

// Made up, and put together here so that no scanner takes this file for a leak.
const secrets = [
  'my password is hunter22!',
  'The door code is 4471#',
  'PIN for the blue card: 9021',
  'api_key=abcdefgh',
  `use ${'sk'}-abcdefghijklmnop1234`,
  `token ${'gh'}p_abcdefghijklmnopqrstu12345`,
  'Authorization: Bearer abcdefghijkl',
  `${'eyJ'}hbGciOiJIUzI1NiJ9.e30.abc`,
  `-----BEGIN ${'RSA PRIVATE'} KEY-----`,
  'card 4111 1111 1111 1111, thanks',
  'aB3dE6gH9jK2mN5pQ8sT1vW4',
];

const plain = [
  'What is a PIN?',
  'Remember that the budget meeting moved to the first Tuesday.',
  'Call me at 030 1234567 when the order 20260512 arrives.',
  'How do I change my password?',
  'The token ring network was slow.',
  'Never say secret things, keep the secret garden watered.',
  'Staging runs on port 8080.',
];

for (const text of secrets)
  test(`a secret is seen: ${text.slice(0, 20)}…`, () => expect(holdsSecret(text)).toBe(true));
for (const text of plain) test(`no secret is seen: ${text}`, () => expect(holdsSecret(text)).toBe(false));
