import { v } from 'convex/values';
import type * as z from 'zod';
import type { OpsRunView } from '../loop/contract/endpoint.ts';
import { jsonSchema } from '../loop/contract/json.ts';
import { type NightResult, opsRunFinishRequestSchema, verdictSchema } from '../loop/contract/opsRun.ts';
import { phases } from '../loop/contract/phase.ts';
import type { Doc } from './_generated/dataModel.js';
import { internalMutation, type MutationCtx } from './_generated/server.js';
import { knownSignature } from './artifacts.ts';
import { openCanary, stopCanary } from './canaryRows.ts';
import { failure } from './failure.ts';
import { nightEnd } from './nightResult.ts';
import { runById } from './runEvidence.ts';
import { RUN_LEASE_MS, requireFreeLease } from './runLease.ts';
import { joinShards } from './runShards.ts';
import { endSoak, openSoak, unwatched } from './soakRows.ts';

/** Begins a run, or rejoins it. For a night it takes the signature's lease and closes what a dead night left open. */
export const start = internalMutation({
  args: {
    runId: v.string(),
    signatureId: v.union(v.string(), v.null()),
    factsJson: v.string(),
    late: v.boolean(),
    begunAt: v.union(v.number(), v.null()),
    requestId: v.string(),
  },
  handler: async (
    ctx,
    { runId, signatureId, factsJson, late, begunAt, requestId },
  ): Promise<{ run: OpsRunView; created: boolean }> => {
    const now = Date.now();
    if (signatureId !== null) {
      knownSignature(signatureId);
      await requireFreeLease(ctx, signatureId, runId, now);
    }
    const known = await runById(ctx, runId);
    // A night that has decided is history; one phase run alone, or a night that broke, may be continued.
    const isHistory = known?.status === 'finished' && known.phases.promote && known.verdict !== 'failed';
    // What took part in it may tell its rest; a start after its end, which was refused or never heard of it, may not.
    if (isHistory && (!late || (begunAt ?? 0) > (known.finishedAt ?? 0)))
      throw failure(
        'run_finished',
        `Run ${runId} ended as ${known.verdict}. Unset DSE_RUN_ID to start a new one.`,
      );
    if (known && late) return { run: runView(known), created: false };
    const leaseUntil = signatureId === null ? (known?.leaseUntil ?? 0) : now + RUN_LEASE_MS;
    if (signatureId !== null) await closeForeign(ctx, signatureId, runId, requestId);
    if (known) {
      await ctx.db.patch(known._id, {
        signatureId: signatureId ?? known.signatureId,
        status: 'running',
        verdict: null,
        reason: null,
        finishedAt: null,
        heartbeatAt: now,
        leaseUntil,
        // Run again as a whole, its shards are awaited again.
        shards: known.status === 'finished' ? {} : (known.shards ?? {}),
      });
    } else {
      await ctx.db.insert('dseOpsRuns', {
        runId,
        signatureId,
        status: 'running',
        verdict: null,
        reason: null,
        startedAt: now,
        heartbeatAt: now,
        finishedAt: null,
        leaseUntil,
        phases: {},
        factsJson,
        summaryJson: null,
      });
    }
    return { run: runView(await runOrFail(ctx, runId)), created: known === null };
  },
});

/** A night that was killed may have left its canary or soak open: the next night ends them before it does anything else. */
async function closeForeign(
  ctx: MutationCtx,
  signatureId: string,
  runId: string,
  requestId: string,
): Promise<void> {
  const open = await openCanary(ctx, signatureId);
  const actor = `run ${runId}`;
  if (open && open.runId !== runId)
    await stopCanary(ctx, open, { actor, reason: `Left open by run ${open.runId}.`, requestId });
  const soak = await openSoak(ctx, signatureId);
  if (soak && soak.runId !== runId)
    await endSoak(ctx, soak, 'unconfirmed', {
      actor,
      reason: `${unwatched(soak)} The next night began.`,
      requestId,
    });
}

/** Ends a run with its summary, frees the lease, closes its canary, and says how the night ended. */
export const finish = internalMutation({
  args: { requestJson: v.string(), requestId: v.string() },
  handler: async (
    ctx,
    { requestJson, requestId },
  ): Promise<{ run: OpsRunView; result: NightResult | null }> => {
    const request = opsRunFinishRequestSchema.parse(JSON.parse(requestJson));
    const run = await runOrFail(ctx, request.runId);
    const whole = await joinShards(ctx, run, request);
    const result = whole === null ? null : await endRun(ctx, run, whole, requestId);
    return { run: runView(await runOrFail(ctx, run.runId)), result };
  },
});

/** The one way a run ends, whoever ends it. */
export async function endRun(
  ctx: MutationCtx,
  run: Doc<'dseOpsRuns'>,
  summary: z.infer<typeof opsRunFinishRequestSchema>,
  requestId: string,
): Promise<NightResult | null> {
  if (run.signatureId !== null) {
    const open = await openCanary(ctx, run.signatureId);
    if (open?.runId === run.runId)
      await stopCanary(ctx, open, {
        actor: `run ${run.runId}`,
        reason: 'The night ended without promoting it.',
        requestId,
      });
  }
  if (run.signatureId !== null) {
    const soak = await openSoak(ctx, run.signatureId);
    if (soak?.runId === run.runId)
      await endSoak(ctx, soak, 'unconfirmed', {
        actor: `run ${run.runId}`,
        reason: `${unwatched(soak)} The night ended.`,
        requestId,
      });
  }
  const end = await nightEnd(ctx, run, summary);
  const result = end?.result ?? null;
  await ctx.db.patch(run._id, {
    status: 'finished',
    verdict: result?.verdict ?? null,
    reason: result?.reason ?? null,
    // Told again, as a spool does that was not sure, the end stays where it was.
    finishedAt: run.finishedAt ?? Date.now(),
    leaseUntil: 0,
    summaryJson: JSON.stringify({ ...summary, ...end }),
  });
  return result;
}

async function runOrFail(ctx: MutationCtx, runId: string): Promise<Doc<'dseOpsRuns'>> {
  const run = await runById(ctx, runId);
  if (!run)
    throw failure('unknown_run', `There is no run ${runId}. Start it first: POST /api/dse/ops/run/start.`);
  return run;
}

/** A run as the API shows it. */
export function runView(run: Doc<'dseOpsRuns'>): OpsRunView {
  const { runId, signatureId, status, verdict, reason, startedAt, finishedAt } = run;
  return {
    runId,
    signatureId,
    status,
    verdict: verdict === null ? null : verdictSchema.parse(verdict),
    reason,
    startedAt,
    finishedAt,
    phases: Object.fromEntries(
      phases.flatMap(phase => {
        const record = run.phases[phase];
        return record
          ? [[phase, { at: record.at, facts: jsonSchema.parse(JSON.parse(record.factsJson)) }]]
          : [];
      }),
    ),
  };
}
