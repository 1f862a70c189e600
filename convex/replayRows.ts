import { v } from 'convex/values';
import * as z from 'zod';
import { armOfBucket, bucketOf } from '../loop/canary/bucket.ts';
import type { CanaryVerdict } from '../loop/canary/verdict.ts';
import { canonicalJson } from '../loop/canonicalJson.ts';
import { deferred } from '../loop/contract/deferred.ts';
import { exampleSchema } from '../loop/contract/example.ts';
import type { Json } from '../loop/contract/json.ts';
import { opsRunFinishRequestSchema } from '../loop/contract/opsRun.ts';
import type { Receipt } from '../loop/contract/receipt.ts';
import { datasetHash, exampleHash } from '../loop/dataset/revision.ts';
import { compiledIdOf } from '../loop/signature.ts';
import { internalQuery, type QueryCtx } from './_generated/server.js';
import { artifactByCompiledId } from './artifacts.ts';
import { canaryById, verdictOf } from './canaryRows.ts';
import { allRowsOf, revisionEntries } from './datasets.ts';
import { failure } from './failure.ts';
import { nightEnd } from './nightResult.ts';
import { lastAttempts, missingPhases, runById } from './runEvidence.ts';

// What a replay reads. Nothing here trusts a stored decision: these are the rows the decisions were made from.

const summarySchema = deferred(() =>
  z.looseObject({
    counts: z.unknown(),
    failingTests: z.unknown(),
    durationMs: z.unknown(),
    status: z.unknown(),
  }),
);
const reportOfRun = deferred(() => z.object({ reportId: z.string() }));

/** What a run decided, as its rows say. Throws `unknown_run`. */
export const night = internalQuery({
  args: { runId: v.string() },
  handler: async (ctx, { runId }) => {
    const run = await runById(ctx, runId);
    if (!run) throw failure('unknown_run', `There is no run ${runId}.`);
    if (run.signatureId === null)
      throw failure('bad_request', `Run ${runId} is no night: it has no signature, so it decided nothing.`);
    const { signatureId } = run;
    const facts = reportOfRun.safeParse(JSON.parse(run.phases.compile?.factsJson ?? 'null'));
    const report = facts.success
      ? await ctx.db
          .query('dseCompileReports')
          .withIndex('by_report', q => q.eq('reportId', facts.data.reportId))
          .first()
      : null;
    const canaries = await ctx.db
      .query('dseCanaries')
      .withIndex('by_run', q => q.eq('runId', runId))
      .collect();
    const moves = await ctx.db
      .query('dseActiveArtifactHistory')
      .withIndex('by_signature', q => q.eq('signatureId', signatureId).gte('at', run.startedAt))
      .filter(q => q.eq(q.field('runId'), runId))
      .collect();
    const promotion = moves.find(move => move.action === 'promote') ?? null;
    const promotedAt = promotion?.at ?? Number.POSITIVE_INFINITY;
    const attempts = (await lastAttempts(ctx, runId)).filter(attempt => attempt.at < promotedAt);
    const decisionFacts = run.phases.promote?.factsJson;
    const summary = run.summaryJson === null ? null : summarySchema.parse(JSON.parse(run.summaryJson));
    const { counts, failingTests, durationMs, status } = summary ?? {};
    const end = summary
      ? await nightEnd(
          ctx,
          run,
          opsRunFinishRequestSchema.parse({ runId, counts, failingTests, durationMs, status }),
        )
      : null;
    return {
      signatureId,
      reportJson: report?.reportJson ?? null,
      canaryIds: canaries.map(canary => canary.canaryId),
      promotion: promotion && {
        fromCompiledId: promotion.fromCompiledId,
        toCompiledId: promotion.toCompiledId,
      },
      /** What the promote phase says it did; null when that phase did not run. */
      decidedToPromote:
        decisionFacts === undefined
          ? null
          : z.object({ promoted: z.boolean() }).parse(JSON.parse(decisionFacts)).promoted,
      missingPhases: await missingPhases(ctx, runId),
      failedTests: attempts
        .filter(({ outcome }) => outcome === 'failed' || outcome === 'interrupted')
        .map(({ title }) => title),
      stored: { verdict: run.verdict, reason: run.reason },
      recomputed: end && { verdict: end.result.verdict, reason: end.result.reason },
    };
  },
});

/** A revision's hash, recomputed from its lines, and the rows whose content is not what their hash says. */
export const revision = internalQuery({
  args: { signatureId: v.string(), datasetHash: v.string() },
  handler: async (ctx, key) => {
    const entries = await revisionEntries(ctx, key);
    const rows = await allRowsOf(ctx, key);
    const changed = rows.filter(row => {
      const { exampleId, split, tags } = row;
      const example = exampleSchema.safeParse({
        exampleId,
        split,
        tags,
        inputJson: JSON.parse(row.inputJson),
        expectedJson: JSON.parse(row.expectedJson),
        meta: JSON.parse(row.metaJson),
      });
      return !example.success || exampleHash(example.data) !== row.contentHash;
    });
    return {
      rows: rows.length,
      recomputedHash: datasetHash(entries),
      changed: changed.map(row => row.exampleId),
    };
  },
});

/** An artifact, or null when its content is not what its id says. Throws `unknown_artifact`. */
export const artifact = internalQuery({
  args: { compiledId: v.string() },
  handler: async (ctx, { compiledId }) => {
    const found = await artifactByCompiledId(ctx, compiledId);
    return compiledIdOf(found) === compiledId ? found : null;
  },
});

/** Outputs as receipts keep them, by receipt id; null for a predict that failed, and no entry for a receipt that is not there. */
export const receiptOutputs = internalQuery({
  args: { receiptIds: v.array(v.string()) },
  handler: async (ctx, { receiptIds }) => {
    const found: { receiptId: string; outputJson: string | null }[] = [];
    for (const receiptId of receiptIds) {
      const row = await ctx.db
        .query('receipts')
        .withIndex('by_receipt', q => q.eq('receiptId', receiptId))
        .first();
      if (!row) continue;
      const { result } = JSON.parse(row.receiptJson) as Receipt;
      found.push({ receiptId, outputJson: result.ok ? canonicalJson(result.output) : null });
    }
    return found;
  },
});

/** A page of a canary's receipts, as far as they count, each with the arm its user belongs to and its answer judged anew. */
export const canaryReceipts = internalQuery({
  args: { canaryId: v.string(), datasetHash: v.string(), cursor: v.union(v.string(), v.null()) },
  handler: async (ctx, { canaryId, datasetHash: ofRevision, cursor }) => {
    const canary = await canaryById(ctx, canaryId);
    if (!canary) throw failure('unknown_canary', `There is no canary ${canaryId}.`);
    const { signatureId, salt } = canary;
    const page = await ctx.db
      .query('receipts')
      .withIndex('by_canary', q => q.eq('canaryId', canaryId))
      .paginate({ numItems: 200, cursor });
    const contents = new Map(
      (await revisionEntries(ctx, { signatureId, datasetHash: ofRevision }))
        .filter(([, , split]) => split === 'canary')
        .map(([exampleId, contentHash]) => [exampleId, contentHash]),
    );
    const receipts = [];
    for (const row of page.page) {
      const { result, bucket, arm } = JSON.parse(row.receiptJson) as Receipt;
      const example =
        row.outcome &&
        (await ctx.db
          .query('dseExamples')
          .withIndex('by_content', q =>
            q
              .eq('signatureId', signatureId)
              .eq('contentHash', contents.get(row.outcome?.exampleId ?? '') ?? ''),
          )
          .first());
      receipts.push({
        receiptId: row.receiptId,
        step: row.canaryStep,
        arm: row.arm,
        ok: result.ok,
        /** The receipt's own text agrees with its row, and its bucket with its user. */
        sound:
          result.ok === row.ok &&
          arm === row.arm &&
          bucket !== null &&
          bucket === bucketOf({ salt, unit: row.unit ?? '', signatureId }) &&
          // A canary's share only grows, so whoever is outside of it now never was inside.
          (arm !== 'canary' || armOfBucket(bucket, canary.percent) === 'canary'),
        storedCorrect: row.outcome?.correct ?? null,
        correct:
          example &&
          result.ok &&
          canonicalJson(result.output) === canonicalJson(JSON.parse(example.expectedJson)),
      });
    }
    return { receipts, cursor: page.isDone ? null : page.continueCursor };
  },
});

const armCounts = v.object({ n: v.number(), failures: v.number(), correct: v.number(), wrong: v.number() });

const bothArms = v.object({ control: armCounts, canary: armCounts });

/** The verdict that a stopped canary has, and the one on recounted receipts; null while it is open. */
export const canaryVerdictOn = internalQuery({
  args: { canaryId: v.string(), counts: bothArms, earlier: bothArms },
  handler: async (ctx, { canaryId, counts, earlier }) => {
    const canary = await canaryById(ctx, canaryId);
    const stoppedAt = await stoppedAtOf(ctx, canaryId);
    if (!canary || stoppedAt === null) return null;
    return {
      storedJson: canary.finalVerdictJson,
      recomputedJson: JSON.stringify(
        verdictOf({ ...canary, counts, earlier }, stoppedAt) satisfies CanaryVerdict,
      ),
    };
  },
});

/** A canary's stored counts, and the step of its ramp that it reached. */
export const canaryStored = internalQuery({
  args: { canaryId: v.string() },
  handler: async (ctx, { canaryId }) => {
    const canary = await canaryById(ctx, canaryId);
    if (!canary) throw failure('unknown_canary', `There is no canary ${canaryId}.`);
    return { counts: canary.counts as Json, step: canary.step };
  },
});

/** When a canary was stopped; null while it is open. */
async function stoppedAtOf(ctx: QueryCtx, canaryId: string): Promise<number | null> {
  const changes = await ctx.db
    .query('dseCanaryHistory')
    .withIndex('by_canary', q => q.eq('canaryId', canaryId))
    .collect();
  return changes.find(change => change.action === 'stop')?.at ?? null;
}
