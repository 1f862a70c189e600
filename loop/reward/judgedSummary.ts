import * as z from 'zod';
import { threadSummaryQuality } from '../catalog/threadSummaryQuality.ts';
import { deferred } from '../contract/deferred.ts';
import type { Json } from '../contract/json.ts';
import { artifactOf, type Models } from '../signature.ts';
import type { Judge, Reward } from './reward.ts';

const asked = deferred(() => z.object({ question: z.string() }));
const summarised = deferred(() =>
  z.union([z.string(), z.object({ summary: z.string() }).transform(({ summary }) => summary)]),
);
const graded = deferred(() => z.object({ notes: z.string(), score: z.number() }));

/** ThreadSummaryQuality.v1 as shipped, on the judge's model in every role. */
export const threadSummaryJudge: Judge = {
  signature: threadSummaryQuality,
  artifact: ({ judge }: Models) =>
    artifactOf(threadSummaryQuality, {
      ...threadSummaryQuality.defaults,
      models: { main: judge, sub: judge, repair: judge, judge },
    }),
};

/**
 * `judged_summary.v1`: ThreadSummaryQuality.v1 grades a summary, given as text or as `{ summary }`, against the expected one. The input
 * holds the `question`.
 */
export const judgedSummary: Reward = {
  name: 'judged_summary.v1',
  kind: 'graded',
  judge: threadSummaryJudge,
  async score({ input, output, expected }, ask) {
    const question: Json = {
      question: asked.parse(input).question,
      predicted: summarised.parse(output),
      reference: summarised.parse(expected),
    };
    const facts = await ask(question);
    const grade = facts.result.ok ? graded.parse(facts.result.output) : null;
    return {
      score: grade?.score ?? null,
      notes: grade?.notes ?? null,
      judged: { input: question, facts },
    };
  },
};
