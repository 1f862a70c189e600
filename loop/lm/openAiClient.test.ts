import { expect, test } from '@playwright/test';
import { OPEN_AFTER_FAILURES, OPEN_MS } from './breaker.ts';
import { LmError } from './lmError.ts';
import { type OpenAiClientOptions, openAiClient } from './openAiClient.ts';
import { patientBreakers } from './patientBreakers.ts';

const answer = (text: string) =>
  Response.json({
    model: 'real-1',
    choices: [{ message: { content: text } }],
    usage: { prompt_tokens: 3, completion_tokens: 2 },
  });

type Given = (signal: AbortSignal) => Response | Promise<Response>;

/** A client whose endpoint gives these answers in turn; waits between tries are kept, not waited. */
function client(answers: Given[], more: Partial<OpenAiClientOptions> = {}) {
  const asked: { model: string }[] = [];
  const waits: number[] = [];
  const lm = openAiClient({
    baseUrl: 'http://model.test/v1',
    apiKey: 'key',
    fetch: async (_, init) => {
      asked.push(JSON.parse(String(init?.body)) as { model: string });
      const next = answers.shift();
      if (!next) throw new TypeError('connection refused');
      return next(init?.signal as AbortSignal);
    },
    now: () => 1_000_000,
    random: () => 0.5,
    sleep: async ms => {
      waits.push(ms);
    },
    ...more,
  });
  return { lm, asked, waits };
}

const question = {
  model: 'main-1',
  messages: [{ role: 'user' as const, content: 'hi' }],
  outputSchema: null,
  maxOutputChars: 100,
  signal: new AbortController().signal,
};

test('it tells the model that answered and the exact use of tokens', async () => {
  const { lm } = client([() => answer('yes')]);
  await expect(lm.complete(question)).resolves.toEqual({
    text: 'yes',
    model: 'real-1',
    fallbackUsed: false,
    attempts: 1,
    usage: { inputTokens: 3, outputTokens: 2, mark: 'exact' },
  });
});

test('a 429 is tried again after the time that the endpoint names', async () => {
  const { lm, waits } = client([
    () => new Response('', { status: 429, headers: { 'retry-after': '7' } }),
    () => answer('now'),
  ]);
  await expect(lm.complete(question)).resolves.toMatchObject({ text: 'now', attempts: 2 });
  expect(waits).toEqual([7_000 + 125]); // and half of the jitter's first 250 ms
});

test('a Retry-After beyond the deadline is not waited for', async () => {
  const busy = () => new Response('', { status: 429, headers: { 'retry-after': '7' } });
  const { lm, waits, asked } = client([busy, busy]);
  await expect(lm.complete({ ...question, deadline: 1_006_000 })).rejects.toMatchObject({
    code: 'model_rate_limited',
    attempts: 1,
  });
  expect({ waits, asked: asked.length }).toEqual({ waits: [], asked: 1 });
});

test('tries without a Retry-After are spread by a jitter that doubles', async () => {
  const down = () => new Response('', { status: 500 });
  const { lm, waits } = client([down, down, down]);
  await expect(lm.complete(question)).rejects.toMatchObject({ code: 'model_error', attempts: 3 });
  expect(waits).toEqual([125, 250]);
});

test('calls that fail in a row open the breaker, and the fallback answers without a try of the first model', async () => {
  let now = 0;
  const breakers = patientBreakers(
    () => now,
    async () => {
      throw new Error('it waits');
    },
  );
  const down = () => new Response('', { status: 503 });
  const { lm, asked } = client(
    Array.from({ length: OPEN_AFTER_FAILURES }, () => down),
    { breakers, maxAttempts: 1, now: () => now },
  );
  for (let n = 0; n < OPEN_AFTER_FAILURES; n++)
    await expect(lm.complete(question)).rejects.toMatchObject({ code: 'model_error' });
  await expect(lm.complete(question)).rejects.toMatchObject({ attempts: 0 });
  expect(asked).toHaveLength(OPEN_AFTER_FAILURES);
  now += OPEN_MS;
  const { lm: well } = client([() => answer('back')], { breakers, now: () => now });
  await expect(well.complete(question)).resolves.toMatchObject({ text: 'back' });
  await expect(breakers.admit(question.model, question.signal)).resolves.toBe('closed');
});

test('a late answer is hedged once, the loser is aborted, and tokens are no longer exact', async () => {
  const aborted: string[] = [];
  const hang: Given = signal =>
    new Promise((_, reject) =>
      signal.addEventListener('abort', () => {
        aborted.push('first');
        reject(signal.reason);
      }),
    );
  const { lm, asked } = client([hang, () => answer('second'), () => answer('third')], {
    hedge: { afterMs: 50, most: 1 },
  });
  await expect(lm.complete(question)).resolves.toMatchObject({
    text: 'second',
    attempts: 2,
    usage: { mark: 'estimated' },
  });
  expect(aborted).toEqual(['first']);
  await expect(lm.complete(question)).resolves.toMatchObject({ text: 'third', attempts: 1 });
  expect(asked).toHaveLength(3);
});

test('a body far beyond maxOutputChars is not read to its end', async () => {
  let sent = 0;
  const endless = () =>
    new Response(
      new ReadableStream({
        pull(controller) {
          sent += 1;
          controller.enqueue(new TextEncoder().encode('x'.repeat(10_000)));
        },
      }),
    );
  await expect(client([endless]).lm.complete(question)).rejects.toMatchObject({ code: 'budget_exceeded' });
  expect(sent).toBeLessThan(20);
});

test('a 400 is not tried again', async () => {
  const { lm, asked } = client([() => new Response('', { status: 400 })]);
  await expect(lm.complete(question)).rejects.toMatchObject({ code: 'model_error', attempts: 1 });
  expect(asked).toHaveLength(1);
});

test('when the first model is gone for good the fallback answers, and that is told', async () => {
  const down = () => new Response('', { status: 503 });
  const { lm, asked } = client([down, down, down, () => answer('second')], { fallbackModel: 'spare-1' });
  await expect(lm.complete(question)).resolves.toMatchObject({ fallbackUsed: true, attempts: 4 });
  expect(asked.at(-1)?.model).toBe('spare-1');
});

test('an unreachable endpoint, an answer that is none, and one that is too long have their codes', async () => {
  await expect(client([]).lm.complete(question)).rejects.toMatchObject({ code: 'model_unreachable' });
  const html = () => new Response('<html>');
  await expect(client([html, html, html]).lm.complete(question)).rejects.toMatchObject({
    code: 'model_error',
  });
  const long = client([() => answer('x'.repeat(101))]).lm.complete(question);
  await expect(long).rejects.toMatchObject({ code: 'budget_exceeded' });
});

test('the deadline of the caller is the reason that is told', async () => {
  const limit = AbortSignal.abort(new LmError('timeout', 'no answer within 5 ms', 0));
  const { lm } = client([
    () => {
      throw limit.reason;
    },
  ]);
  await expect(lm.complete({ ...question, signal: limit })).rejects.toMatchObject({ code: 'timeout' });
});
