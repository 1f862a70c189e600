import { expect, test } from '@playwright/test';
import { boundedText, cut, stripAnsi } from './boundedText.ts';
import { createRedactor } from './redact.ts';

const { redact } = createRedactor({ OA_ANY_SECRET: 'abcd-1234', OA_LM_API_KEY: 'k', HOME: '/home/me' }, [
  'given',
]);

test('should replace credentials by their look', () => {
  const cases: [string, string][] = [
    ['Authorization: Bearer x y\nnext', 'Authorization: [redacted]\nnext'],
    [`{ authorization: 'Bearer x', a: 1 }`, `{ authorization: '[redacted]', a: 1 }`],
    ['{\\"cookie\\":\\"a=b\\",\\"c\\":1}', '{\\"cookie\\":\\"[redacted]",\\"c\\":1}'],
    ['curl -H "x-api-key: 12"', 'curl -H "x-api-key: [redacted]"'],
    ['with Bearer abcdefgh12 and more', 'with Bearer [redacted] and more'],
    ['/p?a=1&access_token=zz&b=2#key=3', '/p?a=1&access_token=[redacted]&b=2#key=[redacted]'],
    ['/p?next=%2Fq%3Ftoken%3Dzz%26b', '/p?next=%2Fq%3Ftoken%3D[redacted]'],
    ['{"client_secret": "zz", "n": 1}', '{"client_secret": "[redacted]", "n": 1}'],
    ['eyJhbGciOi.eyJzdWIiOi.c2ln.x', '[redacted]'],
  ];
  for (const [text, clean] of cases) expect(redact(text)).toBe(clean);
});

test('should replace known values and leave ordinary words alone', () => {
  expect(redact('abcd-1234 given "abcd-1234"')).toBe('[redacted] [redacted] "[redacted]"');
  const plain = 'signatureId=@a/b.v1, the key to it: a token of love, Basic English, /home/me, 12 keys';
  expect(redact(plain)).toBe(plain);
  expect(redact(redact('token=abc Authorization: x'))).toBe(redact('token=abc Authorization: x'));
});

test('should strip colours that split a secret before it looks for it', () => {
  expect(stripAnsi('\u001b[31mred\u001b[39m \u001b]8;;http://x\u0007link\u001b]8;;\u0007')).toBe('red link');
  expect(boundedText('ab\u001b[7mcd-\u001b[27m1234', 100, redact)).toBe('[redacted]');
});

test('should cut visibly, within the limit, and never through a character', () => {
  expect(cut('short', 5)).toBe('short');
  const long = cut('a'.repeat(300), 100);
  expect(long).toHaveLength(100);
  const [, more] = /^a+… \[cut, (\d+) characters more\]$/.exec(long) ?? [];
  expect(long.indexOf('…') + Number(more)).toBe(300);
  expect(cut('😀'.repeat(100), 50)).not.toMatch(/[\ud800-\udbff](?![\udc00-\udfff])/);
});

test('should not leak a secret that lies across the first cut of a huge text, and stay quick', () => {
  const huge = `${'abcd-1234'.repeat(7_281)}abcd-12${'z'.repeat(5_000_000)}`;
  const began = Date.now();
  expect(boundedText(huge, 2_000, redact)).not.toContain('abcd-12');
  expect(Date.now() - began).toBeLessThan(1_000);
});
