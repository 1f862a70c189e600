import { expect, test } from '../../fixtures/deployedTest.ts';
import { selectToolId } from '../../loop/catalog/ids.ts';
import { apiErrorSchema, apiErrorStatus } from '../../loop/contract/apiError.ts';
import * as contract from '../../loop/contract/endpoint.ts';

type Auth = contract.EndpointAuth;

/** Every endpoint of the contract with this kind of auth, as something to call. */
function endpointsOf(auth: Auth): { method: string; path: string }[] {
  const exported: object[] = Object.values(contract);
  return exported
    .filter((value): value is contract.Endpoint => 'auth' in value)
    .filter(endpoint => endpoint.auth === auth)
    .map(({ method, path }) => ({ method, path: path.replace(/:[a-zA-Z]+/g, 'none') }));
}

const bearer = (credential: string) => ({ authorization: `Bearer ${credential}` });
const start = '/api/dse/ops/run/start';

test('every admin call without a credential is refused before anything is read', async ({ request }) => {
  for (const { method, path } of endpointsOf('admin')) {
    const answer = await request.fetch(path, { method, data: 'not even JSON' });
    expect.soft(answer.status(), `${method} ${path}`).toBe(401);
    expect.soft(await answer.json(), `${method} ${path}`).toEqual({
      ok: false,
      error: {
        code: 'unauthorized',
        message: 'This call needs the header Authorization: Bearer <OA_DSE_ADMIN_SECRET>.',
      },
    });
  }
});

test('a wrong admin secret is refused, starts nothing and is not repeated in the answer', async ({
  request,
  convex,
  unique,
}) => {
  const answer = await request.post(start, {
    headers: bearer('a-guess-at-the-secret'),
    data: { runId: unique },
  });
  expect(answer.status()).toBe(401);
  const { error } = apiErrorSchema.parse(await answer.json());
  expect(error).toEqual({
    code: 'unauthorized',
    message: "The credential is not the deployment's OA_DSE_ADMIN_SECRET.",
  });
  expect(await convex.opsRun(unique)).toBeNull();
});

for (const role of ['user', 'viewer', 'ops'] as const) {
  test(`a token of the role ${role} opens no admin call and starts nothing`, async ({
    request,
    convex,
    credentials,
    unique,
  }) => {
    const headers = bearer(credentials[role]);
    for (const { method, path } of endpointsOf('admin')) {
      const answer = await request.fetch(path, { method, headers, data: { runId: unique } });
      expect.soft(answer.status(), `${method} ${path}`).toBe(403);
    }
    const answer = await request.post(start, { headers, data: { runId: unique } });
    expect(apiErrorSchema.parse(await answer.json()).error).toEqual({
      code: 'forbidden',
      message: `This call needs OA_DSE_ADMIN_SECRET; the credential is a token of the role ${role}.`,
    });
    expect(await convex.opsRun(unique)).toBeNull();
  });
}

test('the E2E secret is not the admin secret, nor the other way round', async ({ request, credentials }) => {
  const asAdmin = await request.post(start, { headers: bearer(credentials.e2e), data: { runId: 'x' } });
  expect(asAdmin.status()).toBe(401);
  const asE2e = await request.post('/api/auth/e2e/login', {
    headers: bearer(credentials.admin),
    data: { userId: 'x' },
  });
  expect(asE2e.status()).toBe(401);
});

test('the calls of a chat user take no admin secret, no other role and no stranger', async ({
  request,
  credentials,
  chatUser,
}) => {
  const refusals = { admin: 403, viewer: 403, ops: 403, e2e: 401 } as const;
  for (const { method, path } of endpointsOf('user')) {
    for (const [role, status] of Object.entries(refusals)) {
      const headers = bearer(credentials[role as keyof typeof refusals]);
      const answer = await request.fetch(path, { method, headers, data: { text: 'hello' } });
      expect.soft(answer.status(), `${method} ${path} as ${role}`).toBe(status);
    }
    const stranger = await request.fetch(path, { method, data: { text: 'hello' } });
    expect.soft(stranger.status(), `${method} ${path} as a stranger`).toBe(401);
    expect.soft(apiErrorSchema.parse(await stranger.json()).error.message).toContain('Sign in first');
  }
  expect((await (await chatUser('untouched')).thread()).messages).toEqual([]);
});

test('a body that is no JSON object of the contract is refused, and says why', async ({
  request,
  convex,
  credentials,
  unique,
}) => {
  const headers = { ...bearer(credentials.admin), 'content-type': 'application/json' };
  const cases: {
    body: string | Buffer;
    type?: string;
    status: number;
    code: string;
    message: RegExp;
  }[] = [
    {
      body: `{"runId":"${unique}"}`,
      type: 'text/plain',
      status: 415,
      code: 'unsupported_media_type',
      message: /Content-Type: application\/json/,
    },
    { body: `{"runId":"${unique}"`, status: 400, code: 'malformed_json', message: /not JSON/ },
    { body: '', status: 400, code: 'malformed_json', message: /not JSON/ },
    { body: '[]', status: 400, code: 'bad_request', message: /body: / },
    { body: 'null', status: 400, code: 'bad_request', message: /body: / },
    { body: '{}', status: 400, code: 'bad_request', message: /runId: / },
    { body: '{"runId":"not a safe id"}', status: 400, code: 'bad_request', message: /runId: must be 1-128/ },
    { body: `{"runId":"${unique}","extra":1}`, status: 400, code: 'bad_request', message: /"extra"/ },
    {
      body: `{"runId":"${unique}","signatureId":"@made/up.v1"}`,
      status: 404,
      code: 'unknown_signature',
      message: /@made\/up\.v1/,
    },
    {
      body: `{"runId":"${unique}","facts":{"long":"${'x'.repeat(256 * 1024)}"}}`,
      status: 413,
      code: 'too_large',
      message: /larger than 262144 bytes/,
    },
  ];
  for (const { body, type = headers['content-type'], status, code, message } of cases) {
    const answer = await request.post(start, {
      headers: { ...headers, 'content-type': type },
      data: Buffer.from(body),
    });
    const { error } = apiErrorSchema.parse(await answer.json());
    expect.soft({ status: answer.status(), code: error.code }, code).toEqual({ status, code });
    expect.soft(error.message).toMatch(message);
  }
  expect(await convex.opsRun(unique)).toBeNull();
});

test('the size of a body is counted in bytes, also when it comes in pieces', async ({ app, credentials }) => {
  const text = `{"runId":"wide","facts":{"long":"${'ü'.repeat(130 * 1024)}"}}`;
  const answer = await fetch(app.siteUrl + start, {
    method: 'POST',
    headers: { ...bearer(credentials.admin), 'content-type': 'application/json' },
    body: new Blob([text]).stream(),
    duplex: 'half',
  } as RequestInit);
  expect(answer.status).toBe(413);
  expect(apiErrorSchema.parse(await answer.json()).error.code).toBe('too_large');
});

test('an unknown path under /api is a 404 in JSON', async ({ request }) => {
  for (const method of ['GET', 'POST', 'DELETE']) {
    const answer = await request.fetch('/api/dse/nothing/here', { method });
    expect(answer.status()).toBe(404);
    expect(answer.headers()['content-type']).toContain('application/json');
    expect(await answer.json()).toEqual({
      ok: false,
      error: { code: 'not_found', message: 'There is nothing at /api/dse/nothing/here.' },
    });
  }
});

test('a wrong method is a 405 that names the right one, on every endpoint', async ({ request }) => {
  const everything = (['admin', 'e2e', 'user', 'reader', 'public'] as const).flatMap(endpointsOf);
  for (const path of new Set(everything.map(endpoint => endpoint.path))) {
    const taken = everything.filter(endpoint => endpoint.path === path).map(endpoint => endpoint.method);
    const allow = taken.sort().join(', ');
    const answer = await request.fetch(path, { method: 'PUT', data: {} });
    expect.soft(answer.status(), `PUT ${path}`).toBe(405);
    expect.soft(answer.headers().allow, `PUT ${path}`).toBe(allow);
    expect.soft(apiErrorSchema.parse(await answer.json()).error).toEqual({
      code: 'method_not_allowed',
      message: `${path} takes ${allow}, not PUT.`,
    });
  }
});

test('a safe request id is kept, an unsafe one is replaced, and every answer has one', async ({
  request,
  credentials,
  unique,
}) => {
  const idOf = async (path: string, headers: Record<string, string> = {}) =>
    (await request.get(path, { headers, maxRedirects: 0 })).headers()['x-oa-request-id'];
  const paths = [
    '/api/auth/session',
    '/api/nothing',
    '/api/dse/compile/none',
    '/autopilot',
    '/dse',
    '/',
    '/nothing',
  ];
  for (const path of paths) {
    expect.soft(await idOf(path, { 'x-oa-request-id': `${unique}:1` }), path).toBe(`${unique}:1`);
    expect.soft(await idOf(path), path).toMatch(/^req_[0-9a-f-]{36}$/);
  }
  for (const unsafe of ['has a space', 'x'.repeat(129), '<script>', '-starts-with-a-dash', 'ünsafe'])
    expect
      .soft(await idOf('/api/nothing', { 'x-oa-request-id': encodeURI(unsafe) }), unsafe)
      .toMatch(/^req_[0-9a-f-]{36}$/);
  const sent = await request.post('/api/autopilot/send', {
    headers: { ...bearer(credentials.user), 'x-oa-request-id': `${unique}:2` },
    data: { text: 'hello' },
  });
  expect(sent.headers()['x-oa-request-id']).toBe(`${unique}:2`);
  expect(await sent.text()).toContain(`"requestId":"${unique}:2"`);
});

test('unknown things of every kind have a code of their own', async ({ request, credentials }) => {
  const headers = bearer(credentials.admin);
  const hash = `sha256:${'0'.repeat(64)}`;
  const signatureId = selectToolId;
  const ask = async (path: string, data?: object) => {
    const answer = await request.fetch(path, { method: data ? 'POST' : 'GET', headers, data });
    const { error } = apiErrorSchema.parse(await answer.json());
    expect.soft(answer.status(), path).toBe(apiErrorStatus[error.code as keyof typeof apiErrorStatus]);
    return error.code;
  };
  expect(await ask('/api/dse/compile/none')).toBe('unknown_job');
  expect(await ask('/api/dse/compile/none/cancel', {})).toBe('unknown_job');
  expect(await ask('/api/dse/receipt/none')).toBe('unknown_receipt');
  expect(await ask('/api/dse/canary/status?signatureId=@made/up.v1')).toBe('unknown_signature');
  expect(await ask('/api/dse/compile', { signatureId: '@made/up.v1' })).toBe('unknown_signature');
  expect(await ask('/api/dse/canary/stop', { signatureId, canaryId: 'none', reason: 'x' })).toBe(
    'unknown_canary',
  );
  expect(
    await ask('/api/dse/promote', {
      signatureId,
      runId: 'r',
      canaryId: 'none',
      expectedControlCompiledId: hash,
    }),
  ).toBe('unknown_canary');
  expect(await ask('/api/dse/ops/run/event', { runId: 'none', events: [note] })).toBe('unknown_run');
});

const note = { kind: 'note', eventId: 'e', source: 's', seq: 0, at: 0, message: '', data: null };
