import { v } from 'convex/values';
import { internalMutation } from './_generated/server.js';
import { movePointer } from './activePointer.ts';
import { activeArtifact, knownSignature, storeArtifact } from './artifacts.ts';
import { canaryById, stopCanary, verdictOf } from './canaryRows.ts';
import { failure } from './failure.ts';
import { currentReport, gateFigures } from './reports.ts';
import { rollBack } from './rollBack.ts';
import { failedTests, missingPhases } from './runEvidence.ts';
import { requireFreeLease } from './runLease.ts';
import { endSoak, openSoak, startSoak } from './soakRows.ts';

/** Makes a canary's artifact the active one. Every gate is checked here, in this transaction; a repeat changes nothing. */
export const promote = internalMutation({
  args: {
    signatureId: v.string(),
    runId: v.string(),
    canaryId: v.string(),
    expectedControlCompiledId: v.string(),
    soakMessages: v.number(),
    soakMs: v.number(),
    requestId: v.string(),
  },
  handler: async (ctx, args) => {
    const { signatureId, runId, canaryId, expectedControlCompiledId, requestId } = args;
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
    await requireFreeLease(ctx, signatureId, runId, Date.now());
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
    const actor = `run ${runId}`;
    const reason = `Holdout gate and canary passed. ${verdict.reasons.join(' ')}`;
    await stopCanary(ctx, canary, { actor, reason: 'Promoted.', requestId });
    const before = await openSoak(ctx, signatureId);
    if (before)
      await endSoak(ctx, before, 'superseded', {
        actor,
        reason: 'Another artifact was promoted.',
        requestId,
      });
    const since = await movePointer(ctx, {
      signatureId,
      action: 'promote',
      fromCompiledId: active.compiledId,
      toCompiledId: canary.canaryCompiledId,
      actor,
      reason,
      runId,
      requestId,
      evidenceJson: JSON.stringify({
        reportId: report.reportId,
        gate: gateFigures(report),
        canaryId,
        salt: canary.salt,
        counts: canary.counts,
        verdict,
      }),
    });
    const plan = { planned: args.soakMessages, ms: args.soakMs, fromCompiledId: active.compiledId };
    await startSoak(ctx, canary, plan, { actor, reason: `Watches ${plan.planned} live answers.`, requestId });
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
    knownSignature(signatureId);
    const act = { actor: runId === null ? 'admin' : `run ${runId}`, reason, requestId };
    const { active, changed } = await rollBack(ctx, { signatureId, fromCompiledId, runId }, act);
    return { active: { signatureId, ...active }, changed };
  },
});
