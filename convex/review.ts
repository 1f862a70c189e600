import { v } from 'convex/values';
import type { Example } from '../loop/contract/example.ts';
import { type ReviewRequest, reviewRequestSchema } from '../loop/contract/mining.ts';
import { exampleHash } from '../loop/dataset/revision.ts';
import { internal } from './_generated/api.js';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, internalQuery } from './_generated/server.js';
import { candidateOf, pendingRows } from './mining.ts';

/** The labelled rows that a review would make, as JSON of `Example[]`; refuses candidates that do not wait. */
export const rows = internalQuery({
  args: { requestJson: v.string() },
  handler: async (ctx, { requestJson }): Promise<string> => {
    const request = reviewRequestSchema.parse(JSON.parse(requestJson));
    const ids = request.decisions.map(decision => decision.exampleId);
    return JSON.stringify(confirmedRows(request, await pendingRows(ctx, request.signatureId, ids)));
  },
});

/** Writes the decisions down and takes confirmed rows into a new revision, all in one transaction. */
export const decide = internalMutation({
  args: { requestJson: v.string(), checkedAgainst: v.union(v.string(), v.null()) },
  handler: async (ctx, { requestJson, checkedAgainst }) => {
    const request = reviewRequestSchema.parse(JSON.parse(requestJson));
    const { signatureId, by, source } = request;
    const waiting = await pendingRows(
      ctx,
      signatureId,
      request.decisions.map(decision => decision.exampleId),
    );
    for (const { exampleId, decision, note } of request.decisions) {
      const row = waiting.find(candidate => candidate.exampleId === exampleId);
      if (!row) continue;
      const { provenance } = candidateOf(row);
      await ctx.db.patch(row._id, {
        review: decision === 'confirm' ? 'confirmed' : 'rejected',
        metaJson: JSON.stringify({ provenance, decision: { by, source, note } }),
      });
    }
    const examples = confirmedRows(request, waiting);
    if (examples.length === 0) return { datasetHash: checkedAgainst };
    const hashedJson = JSON.stringify(
      examples.map(example => ({ contentHash: exampleHash(example), example })),
    );
    const imported: { datasetHash: string } = await ctx.runMutation(internal.datasets.importExamples, {
      signatureId,
      hashedJson,
      checkedAgainst,
    });
    return { datasetHash: imported.datasetHash };
  },
});

function confirmedRows(request: ReviewRequest, waiting: readonly Doc<'dseExamples'>[]): Example[] {
  return request.decisions.flatMap((decision): Example[] => {
    const row = waiting.find(candidate => candidate.exampleId === decision.exampleId);
    if (decision.decision !== 'confirm' || !row) return [];
    const { inputJson, provenance, split, tags } = candidateOf(row);
    return [
      {
        exampleId: row.exampleId,
        inputJson,
        expectedJson: decision.expectedJson,
        split: decision.split ?? split,
        tags: decision.tags ?? tags,
        meta: { provenance, review: { by: request.by, source: request.source, note: decision.note } },
      },
    ];
  });
}
