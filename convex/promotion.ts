import { v } from 'convex/values';
import { internalMutation, type MutationCtx } from './_generated/server.js';
import { activeArtifact, knownSignature, storeArtifact } from './artifacts.ts';
import { canaryById, stopCanary, verdictOf } from './canaryRows.ts';
import { failure } from './failure.ts';
import { currentReport } from './reports.ts';
import { failedTests, missingPhases } from './runEvidence.ts';

/** Makes a canary's artifact the active one. Every gate is checked here, in this transaction; a repeat changes nothing. */
export const promote = internalMutation({
  args: {
    signatureId: v.string(),
    runId: v.string(),
    canaryId: v.string(),
    expectedControlCompiledId: v.string(),
    requestId: v.string(),
  },
  handler: async (ctx, { signatureId, runId, canaryId, expectedControlCompiledId, requestId }) => {
    const signature = knownSignature(signatureId);
    const active = await activeArtifact(ctx, signature);
    const canary = await canaryById(ctx, canaryId);
    if (!canary || canary.signatureId !== signatureId || canary.runId !== runId)
      throw failure('unknown_canary', `Run ${runId} has no canary ${canaryId} of ${signatureId}.`);
    const previousCompiledId = canary.controlCompiledId;
    if (active.compiledId === canary.canaryCompiledId)
      return {
        active: { signatureId, compiledId: active.compiledId, since: active.since },
        previousCompiledId,
        changed: false,
      };

    if (active.compiledId !== expectedControlCompiledId || active.compiledId !== canary.controlCompiledId)
      throw failure(
        'gate_control_changed',
        `The active artifact is ${active.compiledId} now, not the one the canary was compared with.`,
      );
    const report = await currentReport(ctx, signature, canary.reportId);
    if (report.decision !== 'improved' || report.winnerCompiledId !== canary.canaryCompiledId)
      throw failure(
        'gate_paired_test',
        `Report ${report.reportId} does not show this artifact to be better on the holdout.`,
      );
    if (canary.status !== 'running')
      throw failure('gate_canary_verdict', `Canary ${canaryId} was stopped: ${canary.stopReason}.`);
    const verdict = verdictOf(canary, Date.now());
    if (verdict.verdict !== 'pass')
      throw failure(
        'gate_canary_verdict',
        `The canary's verdict is ${verdict.verdict}. ${verdict.reasons.join(' ')}`,
      );
    const missing = await missingPhases(ctx, runId);
    if (missing.length > 0)
      throw failure('gate_e2e_failed', `Run ${runId} has no record of: ${missing.join(', ')}.`);
    const failed = await failedTests(ctx, runId);
    if (failed.length > 0)
      throw failure('gate_e2e_failed', `In run ${runId} these tests failed: ${failed.join('; ')}.`);

    await storeArtifact(ctx, active.artifact);
    const reason = `Holdout gate and canary passed. ${verdict.reasons.join(' ')}`;
    await stopCanary(ctx, canary, { actor: `run ${runId}`, reason: 'Promoted.', requestId });
    const since = await movePointer(ctx, {
      signatureId,
      action: 'promote',
      fromCompiledId: active.compiledId,
      toCompiledId: canary.canaryCompiledId,
      actor: `run ${runId}`,
      reason,
      runId,
      requestId,
      evidenceJson: JSON.stringify({ reportId: report.reportId, canaryId, verdict }),
    });
    return {
      active: { signatureId, compiledId: canary.canaryCompiledId, since },
      previousCompiledId,
      changed: true,
    };
  },
});

/** Goes back to the artifact before the last promotion. Asked again with the same `fromCompiledId` it changes nothing. */
export const rollback = internalMutation({
  args: {
    signatureId: v.string(),
    fromCompiledId: v.string(),
    reason: v.string(),
    runId: v.union(v.string(), v.null()),
    requestId: v.string(),
  },
  handler: async (ctx, { signatureId, fromCompiledId, reason, runId, requestId }) => {
    const signature = knownSignature(signatureId);
    const active = await activeArtifact(ctx, signature);
    if (active.compiledId !== fromCompiledId) {
      const { compiledId, since } = active;
      return { active: { signatureId, compiledId, since }, changed: false };
    }
    const promotion = await ctx.db
      .query('dseActiveArtifactHistory')
      .withIndex('by_signature', q => q.eq('signatureId', signatureId))
      .order('desc')
      .filter(q => q.and(q.eq(q.field('action'), 'promote'), q.eq(q.field('toCompiledId'), fromCompiledId)))
      .first();
    if (!promotion)
      throw failure('nothing_to_roll_back', `${signatureId} runs its defaults; nothing was promoted before.`);
    const since = await movePointer(ctx, {
      signatureId,
      action: 'rollback',
      fromCompiledId,
      toCompiledId: promotion.fromCompiledId,
      actor: runId === null ? 'admin' : `run ${runId}`,
      reason,
      runId,
      requestId,
      evidenceJson: JSON.stringify({ promotedAt: promotion.at }),
    });
    return { active: { signatureId, compiledId: promotion.fromCompiledId, since }, changed: true };
  },
});

interface Move {
  signatureId: string;
  action: 'promote' | 'rollback';
  fromCompiledId: string;
  toCompiledId: string;
  actor: string;
  reason: string;
  runId: string | null;
  requestId: string;
  evidenceJson: string;
}

/** The only place that writes the pointer, always with its line of history. */
async function movePointer(ctx: MutationCtx, move: Move): Promise<number> {
  const at = Date.now();
  const pointer = await ctx.db
    .query('dseActiveArtifacts')
    .withIndex('by_signature', q => q.eq('signatureId', move.signatureId))
    .first();
  const row = { signatureId: move.signatureId, compiledId: move.toCompiledId, since: at };
  if (pointer) await ctx.db.replace(pointer._id, row);
  else await ctx.db.insert('dseActiveArtifacts', row);
  await ctx.db.insert('dseActiveArtifactHistory', { ...move, at });
  return at;
}
