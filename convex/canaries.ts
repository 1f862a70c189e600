import { v } from 'convex/values';
import { powerWords } from '../loop/canary/plannedPower.ts';
import type { RampStep } from '../loop/canary/ramp.ts';
import type { CanaryView } from '../loop/contract/canary.ts';
import type { CompileReport } from '../loop/contract/compile.ts';
import type { Receipt } from '../loop/contract/receipt.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, internalQuery, type MutationCtx } from './_generated/server.js';
import { activeArtifact, knownSignature } from './artifacts.ts';
import { plusOutcome } from './canaryCount.ts';
import { keepPoint } from './canaryCourse.ts';
import {
  canaryById,
  canaryView,
  keepCanaryChange,
  noCounts,
  openCanary,
  settle,
  stopCanary,
  stoppedForHarm,
  verdictOf,
} from './canaryRows.ts';
import { isCorrect } from './correctness.ts';
import { failure } from './failure.ts';
import { currentReport } from './reports.ts';
import { runById } from './runEvidence.ts';
import { requireFreeLease } from './runLease.ts';
import { newestSoak, soakView } from './soakRows.ts';

/** Puts the winner of the current report on a share of the users. The same run asking again gets its open canary back. */
export const start = internalMutation({
  args: {
    signatureId: v.string(),
    runId: v.string(),
    reportId: v.string(),
    ramp: v.array(v.object({ percent: v.number(), users: v.number(), messagesPerUser: v.number() })),
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
    const run = await runById(ctx, args.runId);
    if (run?.status === 'finished')
      throw failure('run_finished', `Run ${args.runId} is over; a canary belongs to a run that goes on.`);
    if (!run)
      throw failure(
        'unknown_run',
        `There is no run ${args.runId}. Start it first: POST /api/dse/ops/run/start.`,
      );
    await requireFreeLease(ctx, args.signatureId, args.runId, now);
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
      step: 0,
      stepStartedAt: now,
      percent: row.ramp[0]?.percent ?? 0,
      power: powerOf(report, row.ramp),
      controlCompiledId: active.compiledId,
      canaryCompiledId: report.winnerCompiledId,
      status: 'running',
      stopReason: null,
      finalVerdictJson: null,
      startedAt: now,
      endsAt: now + maxDurationMs,
      heartbeatAt: now,
      counts: noArms,
      earlier: noArms,
      units: { control: 0, canary: 0 },
      latency: { control: [], canary: [] },
      contaminatedUnits: 0,
      attestationMismatches: 0,
      exercise: noArms,
    });
    const created = await ctx.db.get(id);
    if (!created) throw failure('internal', 'The canary was not stored.');
    const reason = `${created.percent} % of users on the winner of report ${args.reportId}`;
    const act = { actor: `run ${args.runId}`, reason, requestId };
    await keepCanaryChange(ctx, created, 'start', act, verdictOf(created, now));
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

const noArms = { control: noCounts, canary: noCounts };

/** What the planned traffic can tell, for the shares right that the holdout found. */
function powerOf({ reportJson }: Doc<'dseCompileReports'>, ramp: readonly RampStep[]): string {
  const { gate } = JSON.parse(reportJson) as CompileReport;
  return gate ? powerWords(ramp, gate) : 'The report has no figures of the holdout to plan with.';
}

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
    let { counts, earlier, attestationMismatches } = canary;
    let counted = 0;
    for (const seen of outcomes) {
      const row = await ctx.db
        .query('receipts')
        .withIndex('by_receipt', q => q.eq('receiptId', seen.receiptId))
        .first();
      if (!row || row.canaryId !== canaryId || row.arm === 'none' || row.canaryStep === null)
        throw failure('unknown_receipt', `Receipt ${seen.receiptId} does not belong to canary ${canaryId}.`);
      if (row.outcome) continue;
      const { arm } = row;
      const receipt = JSON.parse(row.receiptJson) as Receipt;
      const correct = await isCorrect(ctx, receipt, seen.exampleId);
      await ctx.db.patch(row._id, { outcome: { exampleId: seen.exampleId, correct, at: Date.now() } });
      const before = { ...canary, counts };
      counts = { ...counts, [arm]: plusOutcome(counts[arm], correct) };
      if (row.canaryStep < canary.step) earlier = { ...earlier, [arm]: plusOutcome(earlier[arm], correct) };
      await keepPoint(ctx, before, { ...canary, counts, earlier });
      if (seen.armSeen !== arm || seen.requestId !== row.requestId) attestationMismatches++;
      counted++;
    }
    const change = { counts, earlier, attestationMismatches, heartbeatAt: Date.now() };
    await ctx.db.patch(canary._id, change);
    await settle(ctx, { ...canary, ...change }, requestId);
    return { canary: canaryView((await ctx.db.get(canary._id)) ?? canary, Date.now()), counted };
  },
});

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
    const soak = await newestSoak(ctx, signatureId);
    return {
      active: { signatureId, compiledId, since },
      canary: newest && canaryView(newest, Date.now()),
      soak: soak && soakView(soak),
    };
  },
});
