import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { InlineRun } from './testing/inlineProject.ts';
import { RecordingSink, SINK_SECRET } from './testing/recordingSink.ts';

/** Where a secret can hide, and the piece of it that must be seen nowhere. */
const SPEC = `
  const env = process.env.OA_E2E_BYPASS_SECRET;
  const jwk = JSON.parse(process.env.OA_OPS_JWT_PRIVATE_JWK);
  const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJqd3QtcGF5bG9hZCJ9.c2lnbmF0dXJl';
  test('title ' + env, { tag: '@' + process.env.CONVEX_DEPLOY_KEY }, async ({}, testInfo) => {
    testInfo.annotations.push({ type: 'skip', description: 'annotation ' + process.env.OPENAI_API_KEY });
    const path = '/a?token=query-token&x=' + encodeURIComponent(env) + '&b=' + jwt;
    const seen = [
      { requestId: 'req-1', method: 'GET', path, status: 200 },
      { requestId: 'smuggled-' + process.env.OPENAI_API_KEY, method: 'GET', path: '/', status: 200 },
    ];
    await testInfo.attach('oa-request-ids', { contentType: 'application/json', body: JSON.stringify(seen) });
    await testInfo.attach('name ' + env, { contentType: 'text/plain; secret=content-type-secret', body: env });
    await test.step('step ' + jwt, () => { throw new Error('Authorization: Bearer short-bearer'); });
  });
  test('errors', async () => {
    const error = new Error('{"authorization":"Basic aGVhZGVyOmJhc2lj","cookie":"session=cookie-value; b=2"}\\n' + env);
    error.cause = new Error('set-cookie: id=set-cookie-value; Path=/');
    expect.soft('the value is ' + env + '!').toBe('the value is ' + env.slice(0, 8) + 'XX' + env.slice(10));
    expect.soft(jwk).toEqual({});
    throw error;
  });
  test('throws a value', async () => { throw { headers: { 'x-api-key': 'api-key-header' }, url: 'http://x/?secret=url-secret' }; });
`;

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const jwk = createPrivateKey(privateKey).export({ format: 'jwk' });

const SECRETS = {
  OA_E2E_BYPASS_SECRET: 'bypass secret/with+odd"chars',
  OA_OPS_JWT_PRIVATE_JWK: JSON.stringify(jwk),
  CONVEX_DEPLOY_KEY: 'prod:deploy|key-0123456789',
  OPENAI_API_KEY: 'sk-0123456789abcdef',
};

const NEVER_SEEN = [
  ...Object.values(SECRETS),
  ...[SECRETS.OA_E2E_BYPASS_SECRET].flatMap(value => [
    encodeURIComponent(value),
    JSON.stringify(value).slice(1, -1),
  ]),
  ...[jwk.d, jwk.p, jwk.q].map(String),
  'eyJzdWIiOiJqd3QtcGF5bG9hZCJ9',
  'query-token',
  'content-type-secret',
  'short-bearer',
  'aGVhZGVyOmJhc2lj',
  'cookie-value',
  'set-cookie-value',
  'api-key-header',
  'url-secret',
];

test('should let no secret into spool, server, terminal or job summary', async () => {
  await using sink = await RecordingSink.open();
  await sink.down();
  const env = { BASE_URL: sink.baseUrl, OA_DSE_ADMIN_SECRET: SINK_SECRET, DSE_RUN_ID: 'run-1', ...SECRETS };
  const inline = new InlineRun({ spec: SPEC }, { ...env, GITHUB_STEP_SUMMARY: 'summary.md' });
  const { code, stdout, stderr } = await inline.run();
  expect(code).toBe(1);
  // other reporters print titles and errors as they are; our table comes last
  const table = stdout.slice(stdout.indexOf('Run run-1: '));
  expect(table).toContain('✘ a.spec.ts › title [redacted]');
  const spooled = inline.spoolText();
  await sink.up();
  expect((await inline.deliver()).code).toBe(0);
  expect(sink.invalid).toEqual([]);

  const places = {
    spooled,
    sent: sink.bodies.join('\n'),
    table,
    stderr,
    summary: inline.read('summary.md'),
  };
  const leaks = Object.entries(places).flatMap(([place, text]) =>
    [...NEVER_SEEN, SINK_SECRET].filter(secret => text.includes(secret)).map(secret => `${place}: ${secret}`),
  );
  expect(leaks).toEqual([]);

  const facts = sink.events.flatMap(event => (event.kind === 'test_end' ? [event.data] : []));
  expect(facts.map(fact => fact.title)).toEqual(['title [redacted]', 'errors', 'throws a value']);
  expect(facts[0]?.requests).toEqual([
    { requestId: 'req-1', method: 'GET', path: '/a?token=[redacted]&x=[redacted]&b=[redacted]', status: 200 },
  ]);
  expect(facts[1]?.errors.join('\n')).toContain('caused by');
});
