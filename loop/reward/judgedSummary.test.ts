import { expect, test } from '@playwright/test';
import * as z from 'zod';
import { respond } from '../catalog/respond.ts';
import type { LmClient, LmRequest } from '../lm/lmClient.ts';
import { compiledIdOf, defaultArtifact, type Signature } from '../signature.ts';
import { candidateKeyOf } from './candidateKey.ts';
import { judgedSummary, threadSummaryJudge } from './judgedSummary.ts';
import { judgeRefusal } from './rewards.ts';
import { scoreRow } from './scoreRow.ts';

const models = { main: 'm', sub: 'm', repair: 'm', judge: 'j' };

/** A signature that answers a question with a text. */
const recap: Signature = {
  ...respond,
  id: '@openagents/autopilot/test/Recap.v1',
  input: z.strictObject({ question: z.string() }),
  prompt: [{ kind: 'Instruction' }, { kind: 'Context', fields: ['question'] }],
  reward: 'judged_summary.v1',
};

/** Scores one row whose candidate says `On Monday.`, and whose judge says `verdict`. */
async function scoreWith(verdict: string) {
  const asked: LmRequest[] = [];
  const lm: LmClient = {
    provider: 'scripted',
    async complete(request) {
      asked.push(request);
      const text = request.model === models.judge ? verdict : 'On Monday.';
      const usage = { inputTokens: 10, outputTokens: 1, mark: 'exact' as const };
      return { text, model: request.model, fallbackUsed: false, attempts: 1, usage };
    },
  };
  const row = await scoreRow({
    signature: recap,
    artifact: defaultArtifact(recap, models),
    reward: judgedSummary,
    models,
    input: { question: 'When does it start?' },
    expected: { summary: 'On Tuesday.' },
    lm,
    now: () => 0,
  });
  return { row, asked };
}

test('the judge is pinned: another prompt, schema or default is another version of its signature', () => {
  // When this fails, the judge has changed, and its scores before and after cannot be compared. Make the change in a new version of
  // ThreadSummaryQuality and of the reward.
  expect(compiledIdOf(threadSummaryJudge.artifact(models))).toBe(
    'sha256:2318bbfe9c4a7d4fb6b66ce279b97ae7d94e99775227cfbc62a1aa41d9fabfa6',
  );
});

test('the judge runs on the judge model in every role', () => {
  expect(Object.values(threadSummaryJudge.artifact(models).params.models)).toEqual(['j', 'j', 'j', 'j']);
});

test('a model does not grade its own answers', () => {
  expect(judgeRefusal(judgedSummary, models)).toBeNull();
  expect(judgeRefusal(judgedSummary, { ...models, judge: 'm' })).toContain('OA_LM_JUDGE_MODEL');
});

test('a summary is graded by the judge, and what the judge cost is counted', async () => {
  const { row, asked } = await scoreWith('{"notes":"Wrong day.","score":0.3}');
  expect(row).toMatchObject({ score: 0.3, errorCode: null, output: 'On Monday.', notes: 'Wrong day.' });
  expect(row).toMatchObject({ calls: 2, tokens: 22 });
  expect(asked.map(request => request.model)).toEqual(['m', 'j']);
  expect(asked[1]?.messages.at(-1)?.content).toBe(
    'question: When does it start?\npredicted: On Monday.\nreference: On Tuesday.',
  );
});

test('a judge that gives no grade fails the row, not the candidate', async () => {
  const { row } = await scoreWith('I would rather not say.');
  expect(row).toMatchObject({ score: 0, errorCode: 'judge_failed', output: 'On Monday.', calls: 3 });
  expect(row.judged?.facts.result.ok).toBe(false);
});

test('another judge is another key in the ledger', () => {
  const artifact = defaultArtifact(recap, models);
  const key = candidateKeyOf(artifact, judgedSummary, models);
  expect(candidateKeyOf(artifact, judgedSummary, models)).toBe(key);
  expect(candidateKeyOf(artifact, judgedSummary, { ...models, judge: 'j-2' })).not.toBe(key);
});
