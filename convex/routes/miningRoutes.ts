import * as z from 'zod';
import { contentHash } from '../../loop/contentHash.ts';
import { reviewDecide, reviewList, traceExport } from '../../loop/contract/endpoint.ts';
import { type Example, exampleSchema } from '../../loop/contract/example.ts';
import type { Json } from '../../loop/contract/json.ts';
import { candidateSchema } from '../../loop/contract/mining.ts';
import type { Receipt } from '../../loop/contract/receipt.ts';
import type { RlmTrace } from '../../loop/contract/rlmTrace.ts';
import { badRows } from '../../loop/dataset/checkExamples.ts';
import { type KnownRow, type Mined, mine } from '../../loop/dataset/mine.ts';
import { internal } from '../_generated/api.js';
import type { ActionCtx } from '../_generated/server.js';
import { knownSignature } from '../artifacts.ts';
import { failure } from '../failure.ts';
import type { App } from './access.ts';
import { route } from './route.ts';

/** Traffic into candidate rows, and their review. */
export function registerMiningRoutes(app: App): void {
  route(app, traceExport, async ({ signatureId, split, tags, dryRun, limit, cursor }, { ctx }) => {
    const signature = knownSignature(signatureId);
    const page = await ctx.runQuery(internal.mining.receipts, { signatureId, limit, cursor: cursor ?? null });
    const known = JSON.parse(await ctx.runQuery(internal.mining.known, { signatureId })) as KnownRow[];
    const mined: Mined[] = [];
    for (const one of JSON.parse(page.minedJson) as Mined[])
      mined.push({ ...one, input: one.input ?? (await inputInTrace(ctx, one.receipt)) });
    const { candidates, skipped } = mine(signature, mined, known, {
      split,
      tags,
    });
    if (!dryRun && candidates.length > 0)
      await ctx.runMutation(internal.mining.keep, {
        signatureId,
        candidatesJson: JSON.stringify(candidates),
      });
    return { dryRun, candidates, skipped, cursor: page.cursor };
  });
  route(app, reviewList, async ({ cursor, ...filter }, { ctx }) => {
    knownSignature(filter.signatureId);
    const page = await ctx.runQuery(internal.mining.list, { ...filter, cursor: cursor ?? null });
    return {
      candidates: z.array(candidateSchema).parse(JSON.parse(page.candidatesJson)),
      cursor: page.cursor,
    };
  });
  route(app, reviewDecide, async (request, { ctx }) => {
    const { signatureId, decisions } = request;
    const signature = knownSignature(signatureId);
    const ids = decisions.map(decision => decision.exampleId);
    const twice = ids.find((id, i) => ids.indexOf(id) !== i);
    if (twice !== undefined)
      throw failure('bad_request', `Nothing was changed. ${twice} is decided on twice.`);
    const requestJson = JSON.stringify(request);
    const rows: Example[] = z
      .array(exampleSchema)
      .parse(JSON.parse(await ctx.runQuery(internal.review.rows, { requestJson })));
    const stored = await ctx.runQuery(internal.datasets.stored, { signatureId });
    const storedRows = stored.rows.map(row => ({ ...row, inputJson: JSON.parse(row.inputJson) as Json }));
    const bad = badRows(signature, rows, storedRows);
    if (bad.length > 0)
      throw failure(
        'dataset_invalid',
        `Nothing was changed. ${bad.map(({ exampleId, problem }) => `${exampleId}: ${problem}`).join('; ')}.`,
        bad.map(row => ({ ...row })),
      );
    const { datasetHash } = await ctx.runMutation(internal.review.decide, {
      requestJson,
      checkedAgainst: stored.datasetHash,
    });
    return { confirmed: rows.length, rejected: decisions.length - rows.length, datasetHash };
  });
}

// A row is one document of at most 1 MiB, three bytes a UTF-16 unit at most, with its answer beside it.
const LONGEST_INPUT_CHARS = 250_000;

/** The input in the trace of a receipt, where there is one that the receipt's hash shows to be it. One trace a query: they are long. */
async function inputInTrace(ctx: ActionCtx, { receiptId, traceId, hashes }: Receipt): Promise<Json | null> {
  if (traceId === null) return null;
  const text = await ctx.runQuery(internal.receipts.traceOf, { receiptId });
  if (text === null) return null;
  const { input } = JSON.parse(text) as RlmTrace;
  const isAsked = contentHash(input) === hashes.input;
  return isAsked && JSON.stringify(input).length <= LONGEST_INPUT_CHARS ? input : null;
}
