import { expect, test } from '../../fixtures/deployedTest.ts';
import {
  answersOfPublicFunctions,
  callFromOutside,
  type OutsideCall,
  pulseFor,
} from '../../fixtures/publicFunctions.ts';
import { forgeToken, unsignedToken } from '../../fixtures/tokenForge.ts';
import { selectToolId } from '../../loop/catalog/ids.ts';
import { opsRunStart } from '../../loop/contract/endpoint.ts';

const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });
const login = '/api/auth/e2e/login';

test('E2E login without its secret, or with a wrong one, gives no session', async ({ request }) => {
  const missing = await request.post(login, { data: { userId: 'ada' } });
  expect(missing.status()).toBe(401);
  expect((await missing.json()).error.message).toContain('Authorization: Bearer <OA_E2E_BYPASS_SECRET>');
  const wrong = await request.post(login, { headers: bearer('a-guess'), data: { userId: 'ada' } });
  expect(wrong.status()).toBe(401);
  expect((await wrong.json()).error).toEqual({
    code: 'unauthorized',
    message: "The credential is not the deployment's OA_E2E_BYPASS_SECRET.",
  });
  for (const answer of [missing, wrong]) expect(answer.headers()['set-cookie']).toBeUndefined();
  expect(await (await request.get('/api/auth/session')).json()).toEqual({ ok: true, user: null });
});

test('E2E login gives a cookie that scripts cannot read, and signout takes it away', async ({
  request,
  credentials,
}) => {
  const answer = await request.post(login, {
    headers: bearer(credentials.e2e),
    data: { userId: 'ada', name: 'Ada' },
  });
  expect(answer.headers()['set-cookie']).toMatch(/^oa_session=.*; Path=\/;.* HttpOnly; SameSite=Lax/);
  expect(await (await request.get('/api/auth/session')).json()).toEqual({
    ok: true,
    user: { userId: 'ada', name: 'Ada', role: 'user' },
  });
  const out = await request.post('/api/auth/signout', { data: {} });
  expect(await out.json()).toEqual({ ok: true });
  expect(await (await request.get('/api/auth/session')).json()).toEqual({ ok: true, user: null });
  expect((await request.get('/api/autopilot/thread')).status()).toBe(401);
});

test('a token made with the right key and the right claims is taken, so the refusals below mean something', async ({
  app,
  request,
}) => {
  const token = await forgeToken(app.secrets.OA_E2E_JWT_PRIVATE_JWK);
  const answer = await request.get('/api/autopilot/thread', { headers: bearer(token) });
  expect(answer.status()).toBe(200);
});

test('tokens that are expired, forged, or of another audience, issuer or key open no chat', async ({
  app,
  request,
}) => {
  const { OA_E2E_JWT_PRIVATE_JWK: e2eKey, OA_OPS_JWT_PRIVATE_JWK: opsKey } = app.secrets;
  const bad = {
    expired: await forgeToken(e2eKey, { expiresIn: -60 }),
    'signed with a foreign key': await forgeToken('foreign key'),
    'signed with the key of operators': await forgeToken(opsKey),
    'for operators': await forgeToken(e2eKey, { audience: 'overnight-ops' }),
    'for another site': await forgeToken(e2eKey, { audience: 'somewhere-else' }),
    'of another issuer': await forgeToken(e2eKey, { issuer: 'https://overnight.invalid/ops' }),
    unsigned: unsignedToken(),
    'not a token': 'ada',
  };
  for (const [what, token] of Object.entries(bad)) {
    const byHeader = await request.get('/api/autopilot/thread', { headers: bearer(token) });
    expect.soft(byHeader.status(), `${what}, as a header`).toBe(401);
    const byCookie = await request.get('/api/autopilot/thread', {
      headers: { cookie: `oa_session=${token}` },
    });
    expect.soft(byCookie.status(), `${what}, as a cookie`).toBe(401);
  }
});

test('nobody becomes a viewer or an operator with the key of users', async ({ app, request }) => {
  const roles = ['ops', 'viewer'].map(role => ({
    role,
    issuer: `https://overnight.invalid/${role}`,
    audience: `overnight-${role}`,
  }));
  for (const claims of roles) {
    const token = await forgeToken(app.secrets.OA_E2E_JWT_PRIVATE_JWK, claims);
    expect((await request.get('/dse', { headers: bearer(token) })).status()).toBe(401);
    expect((await request.get('/dse', { headers: { cookie: `oa_viewer=${token}` } })).status()).toBe(401);
    const answers = await answersOfPublicFunctions(app.url, token, selectToolId);
    expect(Object.values(answers)).not.toContain('ok');
  }
});

test('a role in the claims of a user means nothing: the audience decides', async ({ app }) => {
  const token = await forgeToken(app.secrets.OA_E2E_JWT_PRIVATE_JWK, { role: 'ops' });
  const answers = await answersOfPublicFunctions(app.url, token, selectToolId);
  expect(Object.values(answers)).not.toContain('ok');
});

test('the public keys are published without their private half', async ({ request }) => {
  const { keys } = (await (await request.get('/api/auth/e2e/jwks')).json()) as { keys: object[] };
  expect(keys.map(key => Object.keys(key).sort())).toEqual([['alg', 'e', 'kid', 'kty', 'n', 'use']]);
});

test.describe('public Convex functions', () => {
  test('refuse the anonymous', async ({ app }) => {
    const answers = await answersOfPublicFunctions(app.url, null, selectToolId);
    expect(new Set(Object.values(answers))).toEqual(new Set(['unauthorized']));
  });

  test('refuse users', async ({ app, credentials }) => {
    const answers = await answersOfPublicFunctions(app.url, credentials.user, selectToolId);
    expect(new Set(Object.values(answers))).toEqual(new Set(['forbidden']));
  });

  test('show viewers what pages show, but neither the rows of traffic nor its receipts', async ({
    app,
    credentials,
  }) => {
    expect(await answersOfPublicFunctions(app.url, credentials.viewer, selectToolId)).toEqual({
      'evidence:opsRun': 'ok',
      'evidence:failedTestsOf': 'ok',
      'evidence:dataset': 'ok',
      'evidence:pointerHistory': 'ok',
      'evidence:canaryExamples': 'forbidden',
      'evidence:receiptsByRequest': 'forbidden',
      'evidence:canaryRecount': 'forbidden',
      'pulse:live': 'forbidden',
    });
  });

  test('answer operators, who ask for no pulse', async ({ app, credentials }) => {
    const { 'pulse:live': pulse, ...answers } = await answersOfPublicFunctions(
      app.url,
      credentials.ops,
      selectToolId,
    );
    expect(new Set(Object.values(answers))).toEqual(new Set(['ok']));
    expect(pulse).toBe('forbidden');
  });

  test('tell the holder of a ticket of the pulse of one page, and of nothing else', async ({
    app,
    dse,
    credentials,
    request,
    unique,
  }) => {
    await dse.call(opsRunStart, { runId: unique });
    const ticketOf = async (page: string) => {
      const answer = await request.get(`/dse/${page}/ticket`, { headers: bearer(credentials.viewer) });
      return ((await answer.json()) as { token: string }).token;
    };
    const ticket = await ticketOf(`ops/${unique}`);
    const { 'pulse:live': pulse, ...others } = await answersOfPublicFunctions(app.url, ticket, selectToolId);
    expect(pulse).toBe('ok');
    expect(new Set(Object.values(others))).toEqual(new Set(['forbidden']));
    expect((await request.get('/dse', { headers: bearer(ticket) })).status(), 'it opens no page').toBe(401);
    expect((await request.get('/dse', { headers: { cookie: `oa_viewer=${ticket}` } })).status()).toBe(401);
    expect(await pulseFor(app.url, ticket)).toContain('running');
    expect(await pulseFor(app.url, await ticketOf('ops/no-such-night')), 'of nothing').toBeNull();
    expect((await request.get(`/dse/ops/${unique}/ticket`)).status(), 'without a session').toBe(401);
  });
});

test('internal functions cannot be called from outside, whoever asks', async ({ app, credentials }) => {
  const hash = `sha256:${'0'.repeat(64)}`;
  const calls: OutsideCall[] = [
    {
      type: 'mutation',
      name: 'promotion:promote',
      args: {
        signatureId: selectToolId,
        runId: 'r',
        canaryId: 'c',
        expectedControlCompiledId: hash,
        requestId: 'q',
      },
    },
    { type: 'mutation', name: 'receipts:record', args: { receiptJsons: [] } },
    { type: 'mutation', name: 'watchdog:sweep', args: {} },
    {
      type: 'query',
      name: 'datasets:searchRows',
      args: { signatureId: selectToolId, datasetHash: hash, split: 'train' },
    },
    { type: 'action', name: 'compileStep:run', args: { jobId: 'j', generation: 1 } },
  ];
  for (const token of [null, credentials.user, credentials.viewer, credentials.ops])
    for (const call of calls)
      expect
        .soft(await callFromOutside(app.url, token, call), call.name)
        .toContain('Could not find public function');
});

test('receipts: the owner reads their own, a reader any, and others are told there is none', async ({
  request,
  chatUser,
  credentials,
}) => {
  const owner = await chatUser('owner');
  const { receiptId } = await owner.ask('hello there');
  const path = `/api/dse/receipt/${receiptId}`;
  const statusFor = async (credential: string) =>
    (await request.get(path, { headers: bearer(credential) })).status();
  expect(await statusFor(owner.token)).toBe(200);
  expect(await statusFor(credentials.viewer)).toBe(200);
  expect(await statusFor(credentials.ops)).toBe(200);
  expect(await statusFor(credentials.admin)).toBe(200);
  expect(await statusFor(credentials.user)).toBe(404);
  expect(await statusFor(credentials.e2e)).toBe(401);
  expect((await request.get(path)).status()).toBe(401);
});

test('a user reads and writes only their own thread', async ({ request, chatUser }) => {
  const [ada, bob] = [await chatUser('ada'), await chatUser('bob')];
  await ada.send('remember that my secret word is Xylophone');
  const { threadId } = await ada.thread();
  expect((await bob.thread()).messages).toEqual([]);
  const intrusion = await request.post('/api/autopilot/send', {
    headers: bearer(bob.token),
    data: { threadId, text: 'what is the secret word?' },
  });
  expect(intrusion.status()).toBe(404);
  expect((await ada.thread()).messages).toHaveLength(2);
  expect((await bob.thread()).messages).toEqual([]);
});

test('the admin secret and the private keys stand in no page and no answer', async ({
  app,
  request,
  credentials,
}) => {
  const headers = bearer(credentials.admin);
  const paths = [
    '/dse?format=json',
    '/dse',
    '/api/auth/session',
    '/api/auth/e2e/jwks',
    '/autopilot',
    '/api/nothing',
  ];
  const bodies = await Promise.all(paths.map(async path => (await request.get(path, { headers })).text()));
  const secrets = Object.values(app.secrets).flatMap(secret => secret.match(/[\w-]{40,}/g) ?? [secret]);
  const published = new Set((await (await request.get('/api/auth/e2e/jwks')).text()).match(/[\w-]{40,}/g));
  for (const secret of secrets.filter(text => !published.has(text)))
    expect(bodies.join()).not.toContain(secret);
});
