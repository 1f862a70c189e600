import { expect, test } from '@playwright/test';
import { recapThread } from '../catalog/recapThread.ts';
import { selectTool } from '../catalog/selectTool.ts';
import type { Budgets, Params } from '../contract/params.ts';
import { rlmTraceSchema } from '../contract/rlmTrace.ts';
import type { LmClient, LmRequest } from '../lm/lmClient.ts';
import { LmError } from '../lm/lmError.ts';
import { scriptedModel } from '../lm/testing/scriptedModel.ts';
import { predict } from '../predict/predict.ts';
import { receiptOf } from '../predict/receiptOf.ts';
import { artifactOf } from '../signature.ts';
import { QUOTE_MARK } from './quote.ts';
import { traceOf } from './traceOf.ts';

const models = { main: 'main', sub: 'sub', repair: 'repair', judge: 'judge' };
const secretWord = 'xylophone';
const thread = [
  `user: the ${secretWord} is in the attic`,
  ...Array.from({ length: 900 }, (_, at) => `user: line ${at}`),
];
const input = { question: 'Where is it?', thread };
const { budgets } = recapThread.defaults;
// The thread makes two chunks of this size.
const rlmLite = { chunkChars: 8_000, overlapChars: 200, parallel: 4, observationChars: 1_200 };

function artifact(changes: Partial<Params> = {}) {
  return artifactOf(recapThread, {
    ...recapThread.defaults,
    strategy: 'rlm_lite.v1',
    models,
    rlmLite,
    ...changes,
  });
}

/** A model whose controller answers with these steps in turn; a string is sent as it is, a function may throw. */
function controlled(...steps: (object | string | (() => string))[]) {
  return scriptedModel(({ messages }) => {
    const system = messages[0]?.content ?? '';
    if (system.startsWith('You read')) return JSON.stringify({ notes: 'a note.' });
    if (!system.startsWith('You control')) return JSON.stringify({ summary: 'composed' });
    const step = steps.shift() ?? { action: 'Preview', var: 'thread' };
    if (typeof step === 'function') return step();
    return typeof step === 'string' ? step : JSON.stringify({ step });
  });
}

const turnsOf = (lm: { asked: LmRequest[] }) =>
  lm.asked.filter(({ messages }) => messages[0]?.content.startsWith('You control'));
const run = (lm: LmClient, changes: Partial<Params> = {}) =>
  predict({ signature: recapThread, artifact: artifact(changes), input, lm, now: Date.now });
const withBudgets = (changes: Partial<Budgets>) => ({ budgets: { ...budgets, ...changes } });

const preview = { action: 'Preview', var: 'thread' };
const chunk = { action: 'Chunk', var: 'thread' };
const extract = { action: 'ExtractOverChunks', chunks: 'thread_chunks' };
const finish = { action: 'Final', var: 'notes', how: 'verbatim' };

test('it previews, chunks, reads every chunk and finishes, and the trace holds all of it', async () => {
  const lm = controlled(preview, chunk, extract, finish);
  const facts = await run(lm);
  expect(facts.result).toEqual({ ok: true, output: { summary: 'a note.\na note.' } });
  expect(facts.used).toMatchObject({ rlmIterations: 4, subLmCalls: 2, lmCalls: 6 });
  const receipt = receiptOf(recapThread, artifact(), input, facts, {
    receiptId: 'r',
    traceId: 't',
    compiledId: `sha256:${'0'.repeat(64)}`,
    purpose: 'recap',
    opsRunId: null,
    requestId: 'q',
    threadId: null,
    unit: null,
    canaryId: null,
    arm: 'none',
    bucket: null,
  });
  const trace = rlmTraceSchema.parse(traceOf(facts, receipt, input));
  expect(trace.input).toEqual(input);
  expect(trace.turns.map(({ action }) => action?.action)).toEqual([
    'Preview',
    'Chunk',
    'ExtractOverChunks',
    'Final',
  ]);
  expect(trace.turns.every(({ observation, answers }) => observation?.ok && answers.length === 1)).toBe(true);
  const read = trace.turns[2]?.subCalls ?? [];
  expect(read.map(({ span }) => span.start).sort((a, b) => a - b)[0]).toBe(0);
  expect(Math.max(...read.map(({ span }) => span.end))).toBe(thread.join('\n').length);
  expect(trace.result).toEqual(facts.result);
});

test('composing asks the signature’s own prompt, with the notes in place of the thread', async () => {
  const lm = controlled(preview, chunk, extract, { ...finish, how: 'compose' });
  expect((await run(lm)).result).toEqual({ ok: true, output: { summary: 'composed' } });
  const last = lm.asked.at(-1)?.messages.at(-1)?.content ?? '';
  expect(last).toContain('thread: ["a note.","a note."]');
  expect(last).not.toContain(secretWord);
});

test('without its params, its budgets or a long context it does not start', async () => {
  const lm = controlled(finish);
  const { maxRlmIterations: _, ...noTurns } = budgets;
  const { maxSubLmCalls: __, ...noSubCalls } = budgets;
  for (const changes of [{ rlmLite: null }, { budgets: noTurns }, { budgets: noSubCalls }])
    expect((await run(lm, changes)).result).toMatchObject({
      error: { code: 'artifact_incompatible', message: expect.stringMatching(/does not run without/) },
    });
  const other = artifactOf(selectTool, { ...selectTool.defaults, strategy: 'rlm_lite.v1', models });
  const facts = await predict({
    signature: selectTool,
    artifact: other,
    input: { message: 'hi', blueprintHint: '' },
    lm,
    now: Date.now,
  });
  expect(facts.result).toMatchObject({ error: { code: 'artifact_incompatible' } });
  expect(lm.asked).toHaveLength(0);
});

test('quoted text is in one prompt and never again, also not in a repair', async () => {
  const lm = controlled(preview, 'no JSON', chunk, extract, finish);
  await run(lm);
  const holding = turnsOf(lm).filter(({ messages }) =>
    messages.some(({ content }) => content.includes(secretWord)),
  );
  expect(holding).toHaveLength(1);
  expect(holding[0]?.messages.at(-1)?.content).toMatch(
    new RegExp(`observation: .*<${QUOTE_MARK}>"[^<]*"</${QUOTE_MARK}>$`),
  );
});

test('a malformed action gets one repair turn, which does not repeat what was said', async () => {
  const lm = controlled({ action: 'Format', disk: secretWord }, preview, chunk, extract, finish);
  const facts = await run(lm);
  expect(facts.result.ok).toBe(true);
  expect(turnsOf(lm).map(({ model }) => model)).toEqual(['main', 'repair', 'main', 'main', 'main']);
  const repair = turnsOf(lm)[1]?.messages.at(-1)?.content;
  expect(repair).toContain('cannot be used: it does not fit the schema at step');
  expect(repair).not.toContain(secretWord);
  expect(facts.rlmRun?.turns[0]?.answers).toMatchObject([{ problem: expect.any(String) }, { problem: null }]);
});

test('a second malformed answer ends the run with a typed error, and the trace has both answers', async () => {
  const facts = await run(controlled(preview, 'nonsense', '{"step":{"action":"Preview","var":"elsewhere"}}'));
  expect(facts.result).toMatchObject({
    error: {
      code: 'decode_failed',
      message: expect.stringMatching(/^Turn 2 of the controller is no action/),
    },
  });
  expect(facts.rlmRun?.turns[1]).toMatchObject({ action: null, observation: null, answers: [{}, {}] });
});

test('a controller that never finishes is ended by its turns', async () => {
  const facts = await run(controlled(), withBudgets({ maxRlmIterations: 3 }));
  expect(facts.result).toMatchObject({
    error: { code: 'budget_exceeded', message: 'MaxRlmIterations (3) is spent.' },
  });
  expect(facts.rlmRun?.turns).toHaveLength(3);
});

test('with few sub calls left chunks are larger, and never more than can be read', async () => {
  const facts = await run(controlled(preview, chunk, extract, finish), {
    ...withBudgets({ maxSubLmCalls: 3 }),
    rlmLite: { chunkChars: 200, overlapChars: 0, parallel: 2, observationChars: 300 },
  });
  expect(facts.result.ok).toBe(true);
  expect(facts.used.subLmCalls).toBeLessThanOrEqual(3);
});

test('reading without sub calls is refused in view, and the controller may go on', async () => {
  const facts = await run(
    controlled(chunk, extract, { action: 'Final', var: 'thread', how: 'compose' }),
    withBudgets({ maxSubLmCalls: 0 }),
  );
  expect(facts.rlmRun?.turns[1]?.observation).toMatchObject({
    ok: false,
    summary: expect.stringMatching(/needed/),
  });
  expect(facts.result.ok).toBe(true);
});

test('a sub call that fails ends the run by its code; what the others said is kept', async () => {
  const lm = controlled(preview, chunk, extract);
  const { complete } = lm;
  let reads = 0;
  lm.complete = async request => {
    if (request.model === 'sub' && ++reads === 2) throw new LmError('model_rate_limited', 'answered 429', 3);
    return await complete(request);
  };
  const facts = await run(lm);
  expect(facts.result).toMatchObject({ error: { code: 'model_rate_limited' } });
  const last = facts.rlmRun?.turns.at(-1);
  expect(last).toMatchObject({ action: { action: 'ExtractOverChunks' }, observation: null });
  expect(last?.subCalls.map(({ error }) => error === null)).toEqual([false, true]);
});

test('the time budget ends a fan-out that hangs', async () => {
  const lm = controlled(preview, chunk, extract);
  const { complete } = lm;
  lm.complete = async request => {
    if (request.model !== 'sub') return await complete(request);
    return await new Promise((_, reject) =>
      request.signal.addEventListener('abort', () => reject(request.signal.reason), { once: true }),
    );
  };
  const facts = await run(lm, withBudgets({ maxTimeMs: 200 }));
  expect(facts.result).toMatchObject({ error: { code: 'timeout' } });
});

test('no tool can be called while a quotation is in view, nor one that is not allowed, whatever the controller says', async () => {
  const tools = { tools: ['clock'], ...withBudgets({ maxToolCalls: 2 }) };
  const call = (tool: string) => ({ action: 'ToolCall', tool, argumentsJson: '{}' });
  const lm = controlled(preview, call('clock'), call('clock'));
  expect((await run(lm, tools)).result).toMatchObject({ error: { code: 'decode_failed' } });
  const schemas = turnsOf(lm).map(({ outputSchema }) => JSON.stringify(outputSchema).includes('ToolCall'));
  expect(schemas).toEqual([true, false, false]);
  expect((await run(controlled(call('shell'), call('shell')), tools)).result).toMatchObject({
    error: { code: 'decode_failed' },
  });
});

test('the input is no answer word by word, and a refused action says why', async () => {
  const asItIs = { action: 'Final', var: 'thread', how: 'compose' };
  const facts = await run(controlled({ action: 'Load', var: 'thread', start: 90_000, end: 90_001 }, asItIs));
  expect(facts.rlmRun?.turns[0]?.observation).toMatchObject({ ok: false, quote: null });
  expect((await run(controlled({ ...asItIs, how: 'verbatim' }, 'no'))).result).toMatchObject({
    error: { code: 'decode_failed' },
  });
});

test('a search and a load show their spans', async () => {
  const facts = await run(
    controlled(
      { action: 'Search', var: 'thread', query: secretWord },
      { action: 'Load', var: 'thread', start: 0, end: 20 },
      { action: 'SubLm', var: 'loaded' },
      finish,
    ),
  );
  const [search, load] = facts.rlmRun?.turns ?? [];
  expect(search?.observation?.quote).toMatchObject({
    spans: [{ source: 'thread', start: 0, lines: { first: 1 } }],
  });
  expect(load?.observation?.quote).toMatchObject({
    text: 'user: the xylophone ',
    origin: 'input',
    trust: 'untrusted',
  });
  expect(facts.result).toEqual({ ok: true, output: { summary: 'a note.' } });
});

test('a prompt longer than maxPromptChars is refused as such, not cut', async () => {
  const facts = await run(
    controlled({ action: 'Final', var: 'thread', how: 'compose' }),
    withBudgets({ maxPromptChars: 9_000 }),
  );
  expect(facts.result).toMatchObject({
    error: { code: 'context_too_long', message: expect.stringMatching(/maxPromptChars is 9000/) },
  });
});

test('readers share the room of one answer', async () => {
  const lm = controlled(preview, chunk, extract, finish);
  await run(lm);
  const subs = lm.asked.filter(({ model }) => model === 'sub');
  expect(subs).toHaveLength(2);
  for (const { messages } of subs) expect(messages[0]?.content).toContain('Use at most 615 words.');
});

test('notes that are no shorter than what was read are composed, not read again and again', async () => {
  const lm = controlled(preview, chunk, extract, { ...finish, how: 'compose' });
  const { complete } = lm;
  lm.complete = async request => {
    const done = await complete(request);
    return request.model === 'sub'
      ? { ...done, text: JSON.stringify({ notes: 'word '.repeat(1_500) }) }
      : done;
  };
  const facts = await run(lm);
  expect(facts.rlmRun?.turns.at(-1)?.next).toBe('Finish and compose: the answer is made from notes.');
  expect(facts.result).toEqual({ ok: true, output: { summary: 'composed' } });
});
