import { v } from 'convex/values';
import { canonicalJson } from '../loop/canonicalJson.ts';
import type { CanaryView } from '../loop/contract/canary.ts';
import type { Receipt } from '../loop/contract/receipt.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, internalQuery, type MutationCtx } from './_generated/server.js';
import { activeArtifact, knownSignature } from './artifacts.ts';
import { canaryById, canaryView, openCanary, stopCanary, stoppedForHarm } from './canaryRows.ts';
import { failure } from './failure.ts';
import { stopIfHarmful } from './receipts.ts';
import { currentReport } from './reports.ts';
import { runById } from './runEvidence.ts';

/** Puts the winner of the current report on a share of the users. The same run asking again gets its open canary back. */
export const start = internalMutation({
  args: {
    signatureId: v.string(),
    runId: v.string(),
    reportId: v.string(),
    percent: v.number(),
    salt: v.string(),
    canaryId: v.string(),
    maxDurationMs: v.number(),
    requestId: v.string(),
  },
  handler: async (ctx, args): Promise<{ canary: CanaryView; created: boolean }> => {
    const signature = knownSignature(args.signatureId);
    const now = Date.now();
    const open = await openCanary(ctx, args.signatureId);
    if (open?.runId === args.runId && open.reportId === args.reportId)
      return { canary: canaryView(open, now), created: false };
    if (open)
      throw failure(
        'canary_open',
        `Canary ${open.canaryId} of run ${open.runId} is open for ${args.signatureId}. Stop it first: POST /api/dse/canary/stop.`,
      );
    if (!(await runById(ctx, args.runId)))
      throw failure(
        'unknown_run',
        `There is no run ${args.runId}. Start it first: POST /api/dse/ops/run/start.`,
      );
    const report = await currentReport(ctx, signature, args.reportId);
    if (report.decision !== 'improved')
      throw failure(
        'gate_paired_test',
        `Report ${args.reportId} found nothing better, so there is nothing to try.`,
      );
    await requireNoHarm(ctx, args.runId, args.reportId);
    const active = await activeArtifact(ctx, signature);
    const { requestId, maxDurationMs, ...row } = args;
    const id = await ctx.db.insert('dseCanaries', {
      ...row,
      controlCompiledId: active.compiledId,
      canaryCompiledId: report.winnerCompiledId,
      status: 'running',
      stopReason: null,
      finalVerdictJson: null,
      startedAt: now,
      endsAt: now + maxDurationMs,
      heartbeatAt: now,
      counts: { control: noCounts, canary: noCounts },
      units: { control: 0, canary: 0 },
      contaminatedUnits: 0,
      attestationMismatches: 0,
    });
    await ctx.db.insert('dseCanaryHistory', {
      canaryId: args.canaryId,
      signatureId: args.signatureId,
      action: 'start',
      actor: `run ${args.runId}`,
      reason: `${args.percent} % of users on the winner of report ${args.reportId}`,
      countsJson: JSON.stringify({ control: noCounts, canary: noCounts }),
      salt: args.salt,
      requestId,
      at: now,
    });
    const created = await ctx.db.get(id);
    if (!created) throw failure('internal', 'The canary was not stored.');
    return { canary: canaryView(created, now), created: true };
  },
});

/** What was stopped for harm is not tried again by continuing the same night: its counts would begin from zero. */
async function requireNoHarm(ctx: MutationCtx, runId: string, reportId: string): Promise<void> {
  const before = await ctx.db
    .query('dseCanaries')
    .withIndex('by_run', q => q.eq('runId', runId))
    .collect();
  const harmful = before.find(canary => canary.reportId === reportId && stoppedForHarm(canary));
  if (harmful)
    throw failure(
      'gate_canary_verdict',
      `Canary ${harmful.canaryId} of this run was stopped: ${harmful.stopReason} A new night may try again.`,
    );
}

const noCounts = { n: 0, failures: 0, correct: 0, wrong: 0 };

/** Stops the open canary of a signature. Without one, or when it was stopped before, nothing changes. */
export const stop = internalMutation({
  args: {
    signatureId: v.string(),
    canaryId: v.optional(v.string()),
    reason: v.string(),
    requestId: v.string(),
  },
  handler: async (ctx, { signatureId, canaryId, reason, requestId }): Promise<CanaryView | null> => {
    knownSignature(signatureId);
    const canary =
      canaryId === undefined ? await openCanary(ctx, signatureId) : await canaryById(ctx, canaryId);
    if (canaryId !== undefined && canary?.signatureId !== signatureId)
      throw failure('unknown_canary', `There is no canary ${canaryId} of ${signatureId}.`);
    if (!canary) return null;
    if (canary.status === 'running') await stopCanary(ctx, canary, { actor: 'admin', reason, requestId });
    return canaryView((await ctx.db.get(canary._id)) ?? canary, Date.now());
  },
});

/** Judges answers whose expected value is known, and compares the arm the browser saw with the receipt's. */
export const outcome = internalMutation({
  args: {
    canaryId: v.string(),
    outcomes: v.array(
      v.object({ receiptId: v.string(), exampleId: v.string(), armSeen: v.string(), requestId: v.string() }),
    ),
    requestId: v.string(),
  },
  handler: async (
    ctx,
    { canaryId, outcomes, requestId },
  ): Promise<{ canary: CanaryView; counted: number }> => {
    const canary = await canaryById(ctx, canaryId);
    if (!canary) throw failure('unknown_canary', `There is no canary ${canaryId}.`);
    if (canary.status !== 'running') return { canary: canaryView(canary, Date.now()), counted: 0 };
    let counts = canary.counts;
    let mismatches = canary.attestationMismatches;
    let counted = 0;
    for (const seen of outcomes) {
      const row = await ctx.db
        .query('receipts')
        .withIndex('by_receipt', q => q.eq('receiptId', seen.receiptId))
        .first();
      if (!row || row.canaryId !== canaryId || row.arm === 'none')
        throw failure('unknown_receipt', `Receipt ${seen.receiptId} does not belong to canary ${canaryId}.`);
      if (row.outcome) continue;
      const correct = await isCorrect(
        ctx,
        canary.signatureId,
        JSON.parse(row.receiptJson) as Receipt,
        seen.exampleId,
      );
      await ctx.db.patch(row._id, { outcome: { exampleId: seen.exampleId, correct, at: Date.now() } });
      const tally = counts[row.arm];
      counts = {
        ...counts,
        [row.arm]: {
          ...tally,
          correct: tally.correct + (correct ? 1 : 0),
          wrong: tally.wrong + (correct ? 0 : 1),
        },
      };
      if (seen.armSeen !== row.arm || seen.requestId !== row.requestId) mismatches++;
      counted++;
    }
    const updated: Doc<'dseCanaries'> = {
      ...canary,
      counts,
      attestationMismatches: mismatches,
      heartbeatAt: Date.now(),
    };
    await ctx.db.patch(canary._id, {
      counts,
      attestationMismatches: mismatches,
      heartbeatAt: updated.heartbeatAt,
    });
    await stopIfHarmful(ctx, updated, requestId);
    return { canary: canaryView((await ctx.db.get(canary._id)) ?? updated, Date.now()), counted };
  },
});

/** Whether a receipt's output is what the example's label says; a failed predict is wrong. */
async function isCorrect(
  ctx: MutationCtx,
  signatureId: string,
  receipt: Receipt,
  exampleId: string,
): Promise<boolean> {
  const example = await ctx.db
    .query('dseExamples')
    .withIndex('by_current', q =>
      q.eq('signatureId', signatureId).eq('current', true).eq('split', 'canary').eq('exampleId', exampleId),
    )
    .first();
  if (!example)
    throw failure('not_found', `There is no canary example ${exampleId} in the current data revision.`);
  return (
    receipt.result.ok &&
    canonicalJson(receipt.result.output) === canonicalJson(JSON.parse(example.expectedJson))
  );
}

/** Today's artifact and the newest canary of a signature. */
export const status = internalQuery({
  args: { signatureId: v.string() },
  handler: async (ctx, { signatureId }) => {
    const signature = knownSignature(signatureId);
    const { compiledId, since } = await activeArtifact(ctx, signature);
    const newest =
      (await openCanary(ctx, signatureId)) ??
      (await ctx.db
        .query('dseCanaries')
        .withIndex('by_signature', q => q.eq('signatureId', signatureId).eq('status', 'stopped'))
        .order('desc')
        .first());
    return {
      active: { signatureId, compiledId, since },
      canary: newest && canaryView(newest, Date.now()),
    };
  },
});
