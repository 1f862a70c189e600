import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@playwright/test';
import { ApiError } from './apiClientError.ts';
import { createApiClient } from './client.ts';
import { compileCancel, compileGet, opsRunEvent, opsToken, receiptsList } from './endpoint.ts';

const SECRET = 'not-to-be-seen-0123456789';

interface Heard {
  method: string | undefined;
  url: string | undefined;
  headers: IncomingMessage['headers'];
  body: string;
}

/** A server that answers every call with the same thing and remembers what it heard. */
async function answering(status: number, body: string, headers: Record<string, string> = {}) {
  const heard: Heard[] = [];
  const server: Server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    heard.push({ method: request.method, url: request.url, headers: request.headers, body: text });
    if (status === 0) return;
    response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(body);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    heard,
    baseUrl,
    client: createApiClient({
      baseUrl,
      credential: SECRET,
      fetch,
      timeoutMs: 300,
      requestId: () => 'req-sent',
    }),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

/** Whatever the promise was rejected with, checked to be an ApiError free of the credential. */
async function refusal(promise: Promise<unknown>): Promise<ApiError> {
  const error = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  const failure = error as ApiError;
  expect(`${failure.message} ${failure.stack} ${JSON.stringify(failure)}`).not.toContain(SECRET);
  return failure;
}

test('should send a POST with credential, request id and defaults, and strip ok', async () => {
  await using server = await answering(200, '{"ok":true,"token":"t","expiresAt":5}', {
    'x-oa-request-id': 'req-1',
  });
  const seen: string[] = [];
  const answer = await server.client.call(opsToken, {}, { onRequestId: id => seen.push(id) });
  expect(answer).toEqual({ token: 't', expiresAt: 5 });
  expect(seen).toEqual(['req-1']);
  const [call] = server.heard;
  expect(call).toMatchObject({ method: 'POST', url: '/api/dse/ops/token', body: '{"role":"ops"}' });
  expect(call?.headers).toMatchObject({ authorization: `Bearer ${SECRET}`, 'x-oa-request-id': 'req-sent' });
});

test('should fill path parameters and put the rest of a GET into the query', async () => {
  await using server = await answering(200, '{"ok":true,"receipts":[],"cursor":null}');
  await server.client.call(receiptsList, { requestId: 'a:b', limit: 7 });
  await refusal(server.client.call(compileGet, { jobId: 'job@1' }));
  await refusal(server.client.call(compileCancel, { jobId: 'job-2' }));
  expect(server.heard.map(({ method, url, body }) => [method, url, body])).toEqual([
    ['GET', '/api/dse/receipts/list?requestId=a%3Ab&limit=7', ''],
    ['GET', '/api/dse/compile/job%401', ''],
    ['POST', '/api/dse/compile/job-2/cancel', '{}'],
  ]);
});

test('should name the field of an invalid request and send nothing', async () => {
  await using server = await answering(200, '{"ok":true}');
  const error = await refusal(server.client.call(opsRunEvent, { runId: 'run 1', events: [] }));
  expect(error).toMatchObject({ code: 'invalid_request', status: 0 });
  expect(error.message).toMatch(/^POST \/api\/dse\/ops\/run\/event was not sent.*runId: .*events: /);
  expect(server.heard).toEqual([]);
});

test('should read a refusal aloud and name the secret to set', async () => {
  const body = JSON.stringify({
    ok: false,
    error: { code: 'unauthorized', message: `bad ${SECRET}`, details: [1] },
  });
  await using server = await answering(401, body, { 'x-oa-request-id': 'req-9' });
  const error = await refusal(server.client.call(opsToken, {}));
  expect(error).toMatchObject({ code: 'unauthorized', status: 401, requestId: 'req-9', details: [1] });
  expect(error.message).toBe(
    'POST /api/dse/ops/token answered 401 unauthorized: bad [redacted]. Set OA_DSE_ADMIN_SECRET to the admin secret of that deployment. (request id req-9)',
  );
});

test('should tell an answer of another site, of another version and a redirect', async () => {
  await using page = await answering(200, '<html>hello</html>');
  const foreign = await refusal(page.client.call(opsToken, {}));
  expect(foreign).toMatchObject({ code: 'invalid_response', status: 200 });
  expect(foreign.message).toContain('<html>hello</html>');
  await using old = await answering(200, '{"ok":true,"token":5,"expiresAt":5}');
  expect((await refusal(old.client.call(opsToken, {}))).message).toContain('token: ');
  await using moved = await answering(307, '', { location: 'https://elsewhere.example/' });
  const redirect = await refusal(moved.client.call(opsToken, {}));
  expect(redirect).toMatchObject({ code: 'invalid_response', status: 307 });
  expect(redirect.message).toContain('BASE_URL');
});

test('should tell unreachable, timeout and cancelled apart', async () => {
  await using silent = await answering(0, '');
  const late = await refusal(silent.client.call(opsToken, {}));
  expect(late).toMatchObject({ code: 'timeout', status: 0, requestId: 'req-sent' });
  expect(late.message).toContain(`${silent.baseUrl} within 300 ms`);
  const cancelled = await refusal(silent.client.call(opsToken, {}, { signal: AbortSignal.timeout(20) }));
  expect(cancelled.code).toBe('cancelled');
  const gone = await answering(200, '');
  await gone[Symbol.asyncDispose]();
  const unreachable = await refusal(gone.client.call(opsToken, {}));
  expect(unreachable.code).toBe('unreachable');
  expect(unreachable.message).toMatch(
    new RegExp(`could not reach ${gone.baseUrl}: .*ECONNREFUSED.*BASE_URL`),
  );
});

test('should refuse a base URL or credential that cannot work, without repeating it', () => {
  expect(() => createApiClient({ baseUrl: 'localhost', fetch })).toThrow(/BASE_URL must be/);
  expect(() => createApiClient({ baseUrl: `http://a:${SECRET}@x.test`, fetch })).toThrow(
    /^(?!.*not-to-be-seen).*BASE_URL/,
  );
  expect(() => createApiClient({ baseUrl: 'http://x.test', credential: `${SECRET}\n`, fetch })).toThrow(
    /^(?!.*not-to-be-seen).*OA_DSE_ADMIN_SECRET/,
  );
  expect(createApiClient({ baseUrl: 'http://x.test/site//', fetch }).baseUrl).toBe('http://x.test/site');
});
