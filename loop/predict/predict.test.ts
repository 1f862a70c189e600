import { expect, test } from '@playwright/test';
import { respond } from '../catalog/respond.ts';
import { freshBlueprintHint, selectTool } from '../catalog/selectTool.ts';
import type { LmClient } from '../lm/lmClient.ts';
import { LmError } from '../lm/lmError.ts';
import { scriptedModel } from '../lm/testing/scriptedModel.ts';
import { artifactOf, compiledIdOf, defaultArtifact } from '../signature.ts';
import { predict } from './predict.ts';
import { receiptOf } from './receiptOf.ts';

const models = { main: 'm', sub: 's', repair: 'r', judge: 'j' };
const artifact = defaultArtifact(selectTool, models);
const input = { message: 'Remember the milk.', blueprintHint: freshBlueprintHint };

/** A model that gives these answers in turn; an error is thrown. It keeps what it was asked. */
function scripted(...answers: (string | LmError)[]) {
  return scriptedModel(() => {
    const answer = answers.shift() ?? new LmError('model_error', 'nothing left to say', 1);
    if (answer instanceof LmError) throw answer;
    return answer;
  });
}

const run = (lm: LmClient, more: Partial<Parameters<typeof predict>[0]> = {}) =>
  predict({ signature: selectTool, artifact, input, lm, now: Date.now, ...more });

test('an answer that fits is the result', async () => {
  const facts = await run(scripted('{"tool":"memory_append"}'));
  expect(facts).toMatchObject({
    result: { ok: true, output: { tool: 'memory_append' } },
    used: { lmCalls: 1 },
  });
});

test('an answer that does not fit gets one repair turn, by the repair model, and the repair is counted', async () => {
  const lm = scripted('{"tool":"juggle"}', '{"tool":"none"}');
  const facts = await run(lm);
  expect(facts).toMatchObject({ result: { ok: true, output: { tool: 'none' } } });
  expect(facts.calls.map(call => call.role)).toEqual(['main', 'repair']);
  expect(lm.asked.map(request => request.model)).toEqual(['m', 'r']);
  expect(lm.asked[1]?.messages.at(-1)?.content).toContain('cannot be used');
});

test('a second bad answer is a typed failure that says what was wrong', async () => {
  const facts = await run(scripted('no JSON', 'again none'));
  expect(facts.result).toMatchObject({
    ok: false,
    error: { code: 'decode_failed', message: expect.stringMatching(/not JSON/) },
  });
  expect(facts.calls).toHaveLength(2);
});

test('a model failure is a result with its code, never a throw', async () => {
  const facts = await run(scripted(new LmError('model_rate_limited', 'the model endpoint answered 429', 3)));
  expect(facts.result).toMatchObject({ ok: false, error: { code: 'model_rate_limited' } });
  expect(facts.calls[0]).toMatchObject({ error: 'model_rate_limited', attempts: 3, actualModel: null });
});

test('the time budget ends a call that hangs', async () => {
  const hanging: LmClient = {
    provider: 'hanging',
    complete: ({ signal }) =>
      new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
      ),
  };
  const hasty = artifactOf(selectTool, {
    ...artifact.params,
    budgets: { ...artifact.params.budgets, maxTimeMs: 30 },
  });
  const facts = await run(hanging, { artifact: hasty });
  expect(facts.result).toMatchObject({
    ok: false,
    error: { code: 'timeout', message: expect.stringMatching(/30 ms/) },
  });
});

test('a cancel by the caller ends the call', async () => {
  const cancel = new AbortController();
  const hanging: LmClient = {
    provider: 'hanging',
    complete: ({ signal }) => {
      queueMicrotask(() => cancel.abort());
      return new Promise((_, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason), { once: true }),
      );
    },
  };
  const facts = await run(hanging, { signal: cancel.signal });
  expect(facts.result).toMatchObject({ ok: false, error: { code: 'cancelled' } });
});

test('an artifact of another signature, or of an older prompt, is refused without a call', async () => {
  const lm = scripted();
  const foreign = await run(lm, { artifact: defaultArtifact(respond, models) });
  const old = await run(lm, { artifact: { ...artifact, promptIrHash: `sha256:${'0'.repeat(64)}` } });
  for (const facts of [foreign, old])
    expect(facts.result).toMatchObject({ error: { code: 'artifact_incompatible' } });
  expect(lm.asked).toHaveLength(0);
});

test('input that does not fit is refused without a call, naming the field', async () => {
  const facts = await run(scripted(), { input: { message: '', blueprintHint: '' } });
  expect(facts.result).toMatchObject({
    error: { code: 'input_invalid', message: expect.stringMatching(/message/) },
  });
});

test('without few-shots the prompt is zero-shot', async () => {
  const lm = scripted('{"tool":"none"}');
  await run(lm, { artifact: artifactOf(selectTool, { ...artifact.params, fewShots: [] }) });
  expect(lm.asked[0]?.messages.map(message => message.role)).toEqual(['system', 'user']);
});

test('every outcome makes a whole receipt', async () => {
  const context = {
    receiptId: 'rcp_1',
    compiledId: compiledIdOf(artifact),
    purpose: 'chat' as const,
    opsRunId: null,
    requestId: 'req_1',
    threadId: null,
    unit: null,
    canaryId: null,
    arm: 'none' as const,
    bucket: null,
  };
  for (const answer of ['{"tool":"none"}', new LmError('timeout', 'late', 1)]) {
    const receipt = receiptOf(selectTool, artifact, input, await run(scripted(answer)), context);
    expect(receipt.budgets.used.lmCalls).toBe(1);
    expect(receipt.hashes.renderedPrompt).toMatch(/^sha256:/);
  }
});
