import { expect, test } from '@playwright/test';
import { LmError } from './lmError.ts';
import { openAiClient } from './openAiClient.ts';

const answer = (text: string) =>
  Response.json({
    model: 'real-1',
    choices: [{ message: { content: text } }],
    usage: { prompt_tokens: 3, completion_tokens: 2 },
  });

/** A client whose endpoint gives these answers in turn; waits between tries are kept, not waited. */
function client(answers: (() => Response | Promise<Response>)[], fallbackModel?: string) {
  const asked: { model: string }[] = [];
  const waits: number[] = [];
  const lm = openAiClient({
    baseUrl: 'http://model.test/v1',
    apiKey: 'key',
    fetch: async (_, init) => {
      asked.push(JSON.parse(String(init?.body)) as { model: string });
      const next = answers.shift();
      if (!next) throw new TypeError('connection refused');
      return next();
    },
    random: () => 0.5,
    sleep: async ms => {
      waits.push(ms);
    },
    ...(fallbackModel ? { fallbackModel } : {}),
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
  expect(waits).toEqual([7_000]);
});

test('a 400 is not tried again', async () => {
  const { lm, asked } = client([() => new Response('', { status: 400 })]);
  await expect(lm.complete(question)).rejects.toMatchObject({ code: 'model_error', attempts: 1 });
  expect(asked).toHaveLength(1);
});

test('when the first model is gone for good the fallback answers, and that is told', async () => {
  const down = () => new Response('', { status: 503 });
  const { lm, asked } = client([down, down, down, () => answer('second')], 'spare-1');
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
