import { canonicalJson } from '../loop/canonicalJson.ts';
import type { Receipt } from '../loop/contract/receipt.ts';
import type { Doc } from './_generated/dataModel.js';
import type { QueryCtx } from './_generated/server.js';
import { failure } from './failure.ts';

/** Whether a receipt's output is what the example's label says; a failed predict is wrong. */
export async function isCorrect(ctx: QueryCtx, receipt: Receipt, exampleId: string): Promise<boolean> {
  const example = await canaryExample(ctx, receipt.signatureId, exampleId);
  return (
    receipt.result.ok &&
    canonicalJson(receipt.result.output) === canonicalJson(JSON.parse(example.expectedJson))
  );
}

/** A row of the current canary split. Throws `not_found`. */
export async function canaryExample(
  ctx: QueryCtx,
  signatureId: string,
  exampleId: string,
): Promise<Doc<'dseExamples'>> {
  const example = await ctx.db
    .query('dseExamples')
    .withIndex('by_current', q =>
      q.eq('signatureId', signatureId).eq('current', true).eq('split', 'canary').eq('exampleId', exampleId),
    )
    .first();
  if (!example)
    throw failure('not_found', `There is no canary example ${exampleId} in the current data revision.`);
  return example;
}
