import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from '../../fixtures/deployedTest.ts';
import { respondId, selectToolId } from '../../loop/catalog/ids.ts';
import type { Span } from '../../loop/telemetry/spansOf.ts';

// The deployment's variables are changed, so it is shared with nobody.
test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'telemetry' });

/** What a collector was sent. */
interface Export {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** A collector of OTLP over HTTP; `answer` decides what it answers. */
async function collector(answer: (response: ServerResponse) => void) {
  const exports: Export[] = [];
  const server = createServer(async (request, response) => {
    let body = '';
    for await (const part of request) body += part;
    exports.push({ path: request.url ?? '', headers: request.headers, body });
    answer(response);
  });
  await new Promise<void>(listening => server.listen(0, '127.0.0.1', listening));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const close = () => {
    server.closeAllConnections();
    server.close();
  };
  const spans = (): Span[] =>
    exports.flatMap(({ body }) => JSON.parse(body).resourceSpans[0].scopeSpans[0].spans as Span[]);
  return { url, exports, spans, close };
}

function valuesOf({ attributes }: Span): Record<string, string> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, Object.values(value)[0] ?? '']));
}

test('predicts and their model calls reach the collector as spans, without a word of the prompts', async ({
  chatUser,
  functions,
}) => {
  const otlp = await collector(response => response.setHeader('content-type', 'application/json').end('{}'));
  await functions.setVariables({
    OTEL_EXPORTER_OTLP_ENDPOINT: otlp.url,
    OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20night',
  });
  const card = await (await chatUser('traced')).ask('remember that the zeppelin is moored in Oslo');
  await expect.poll(() => otlp.spans().length).toBe(4);
  const [first] = otlp.exports;
  expect(first).toMatchObject({
    path: '/v1/traces',
    headers: { authorization: 'Bearer night', 'content-type': 'application/json' },
  });
  expect(otlp.exports.map(({ body }) => body).join(' ')).not.toMatch(/zeppelin|You route messages/i);

  const spans = otlp.spans();
  expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(1);
  const whole = spans.find(({ name }) => name === `invoke_workflow ${selectToolId}`);
  expect(whole && valuesOf(whole)).toMatchObject({
    'gen_ai.operation.name': 'invoke_workflow',
    'gen_ai.workflow.name': selectToolId,
    'overnight.receipt.id': card.receiptId,
    'overnight.request.id': card.requestId,
  });
  expect(spans.map(({ name }) => name)).toContain(`invoke_workflow ${respondId}`);
  const call = spans.find(({ parentSpanId }) => parentSpanId === whole?.spanId);
  expect(call).toMatchObject({ name: 'chat overnight-offline-1', kind: 3, status: { code: 0 } });
  expect(call && valuesOf(call)).toMatchObject({
    'gen_ai.operation.name': 'chat',
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': 'overnight-offline-1',
    'gen_ai.response.model': 'overnight-offline-1',
    'gen_ai.usage.input_tokens': expect.stringMatching(/^[1-9]\d*$/),
    'gen_ai.usage.output_tokens': expect.stringMatching(/^[1-9]\d*$/),
    'server.address': '127.0.0.1',
    'server.port': expect.stringMatching(/^\d+$/),
  });
  expect(Number(call?.endTimeUnixNano)).toBeGreaterThanOrEqual(Number(call?.startTimeUnixNano));
  otlp.close();
});

test('a failed predict is an error span with its code', async ({ chatUser, functions, model }) => {
  const otlp = await collector(response => response.end('{}'));
  await functions.setVariables({
    OTEL_EXPORTER_OTLP_ENDPOINT: null,
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: `${otlp.url}/spans`,
  });
  await model.set({ kind: 'invalid_json', match: 'You route messages' });
  await (await chatUser('failing')).send('what is new?');
  const failed = () => otlp.spans().find(({ name }) => name === `invoke_workflow ${selectToolId}`);
  await expect.poll(failed).toMatchObject({ status: { code: 2 } });
  const span = failed();
  expect(span && valuesOf(span)).toMatchObject({ 'error.type': 'decode_failed', 'overnight.repairs': '1' });
  expect(otlp.exports[0]?.path).toBe('/spans');
  otlp.close();
});

for (const [name, answer] of [
  ['refuses', (response: ServerResponse) => response.writeHead(503).end()],
  ['never answers', () => undefined],
] as const)
  test(`a collector that ${name} neither fails nor holds up a message`, async ({ chatUser, functions }) => {
    const otlp = await collector(answer);
    await functions.setVariables({ OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: otlp.url });
    const user = await chatUser('untraced');
    const from = performance.now();
    expect((await user.send('remember the milk')).at(-1)).toMatchObject({ type: 'done' });
    expect((await user.send('remember the eggs')).at(-1)).toMatchObject({ type: 'done' });
    expect(performance.now() - from).toBeLessThan(5_000);
    await expect.poll(() => otlp.exports.length).toBeGreaterThan(0);
    otlp.close();
  });

test('without an address nothing is sent', async ({ chatUser, functions }) => {
  const otlp = await collector(response => response.end('{}'));
  await functions.setVariables({
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: null,
    OTEL_EXPORTER_OTLP_HEADERS: null,
  });
  const jobs = await functions.rows<{ name: string }>('_scheduled_functions');
  const exported = jobs.filter(job => job.name.startsWith('telemetry')).length;
  expect(exported, 'exports of the tests before').toBeGreaterThan(0);
  await (await chatUser('silent')).send('thank you again');
  const after = await functions.rows<{ name: string }>('_scheduled_functions');
  expect(after.filter(job => job.name.startsWith('telemetry'))).toHaveLength(exported);
  expect(otlp.exports).toEqual([]);
  otlp.close();
});
