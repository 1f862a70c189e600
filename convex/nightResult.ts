import * as z from 'zod';
import { compileReportSchema, type GateGlance, type GateReport } from '../loop/contract/compile.ts';
import { deferred } from '../loop/contract/deferred.ts';
import type {
  NightGlance,
  NightResult,
  NightVerdict,
  opsRunFinishRequestSchema,
} from '../loop/contract/opsRun.ts';
import type { Doc } from './_generated/dataModel.js';
import type { QueryCtx } from './_generated/server.js';
import { stoppedForHarm } from './canaryRows.ts';
import { soakOfCanary } from './soakRows.ts';

const compileFactsSchema = deferred(() =>
  z.object({
    reportId: z.string(),
    candidates: z.number(),
    modelCalls: z.number(),
    cachedCalls: z.number(),
    tokens: z.number(),
  }),
);

/** How a night ended, and what lists show of it. */
export interface NightEnd {
  readonly result: NightResult;
  readonly glance: NightGlance | null;
}

/** How a night ended, from stored rows only; null for a run that is no night. */
export async function nightEnd(
  ctx: QueryCtx,
  run: Doc<'dseOpsRuns'>,
  summary: z.infer<typeof opsRunFinishRequestSchema>,
): Promise<NightEnd | null> {
  const { signatureId } = run;
  if (signatureId === null) return null;
  const facts = compileFactsSchema.safeParse(JSON.parse(run.phases.compile?.factsJson ?? 'null'));
  const storedReport = facts.success
    ? await ctx.db
        .query('dseCompileReports')
        .withIndex('by_report', q => q.eq('reportId', facts.data.reportId))
        .first()
    : null;
  const report = storedReport && compileReportSchema.parse(JSON.parse(storedReport.reportJson));
  const canary = await ctx.db
    .query('dseCanaries')
    .withIndex('by_run', q => q.eq('runId', run.runId))
    .order('desc')
    .first();
  const moves = await ctx.db
    .query('dseActiveArtifactHistory')
    .withIndex('by_signature', q => q.eq('signatureId', signatureId))
    .filter(q => q.eq(q.field('runId'), run.runId))
    .collect();
  const soak = canary && (await soakOfCanary(ctx, canary.canaryId));
  const { verdict, reason } = decide({ moves, canary, soak, report, summary, run });
  const gate = report?.gate ?? null;
  const result = {
    runId: run.runId,
    verdict,
    reason,
    signatureId,
    holdout: gate && { n: gate.n, before: gate.before, after: gate.after, pValue: gate.pValue },
    compile: facts.success
      ? {
          candidates: facts.data.candidates,
          modelCalls: facts.data.modelCalls,
          cachedCalls: facts.data.cachedCalls,
          tokens: facts.data.tokens,
        }
      : null,
    canary: canary?.counts ?? null,
    url: `${process.env.CONVEX_SITE_URL ?? ''}/dse/ops/${encodeURIComponent(run.runId)}`,
  };
  const glance = report && {
    gate: gate && gateGlance(gate),
    modelCalls: report.progress.modelCalls,
    costUsd: report.progress.costUsd,
  };
  return { result, glance };
}

interface Evidence {
  moves: Doc<'dseActiveArtifactHistory'>[];
  canary: Doc<'dseCanaries'> | null;
  soak: Doc<'dseSoaks'> | null;
  report: { decision: string; reason: string } | null;
  summary: z.infer<typeof opsRunFinishRequestSchema>;
  run: Doc<'dseOpsRuns'>;
}

function decide({ moves, canary, soak, report, summary, run }: Evidence): {
  verdict: NightVerdict;
  reason: string;
} {
  const last = moves.at(-1);
  const broken = summary.status !== 'passed' || summary.counts.failed > 0;
  const failing =
    summary.failingTests.length > 0
      ? ` Failing: ${summary.failingTests.slice(0, 3).join('; ').replace(/\.?$/, '.')}`
      : '';
  if (last?.action === 'rollback') return { verdict: 'rolled_back', reason: last.reason };
  if (last?.action === 'promote') {
    const watched = soak ? ` Soak ${soak.outcome ?? 'open'}. ${soak.reason ?? ''}` : '';
    return { verdict: 'promoted', reason: `${last.reason}${watched}${failing}` };
  }
  if (canary?.stopReason && stoppedForHarm(canary))
    return { verdict: 'stopped', reason: `The canary was stopped: ${canary.stopReason}` };
  if (broken)
    return {
      verdict: 'failed',
      reason: `The night did not finish: the runner ended as ${summary.status}.${failing}`,
    };
  if (report && report.decision !== 'improved') return { verdict: 'kept', reason: report.reason };
  if (canary?.finalVerdictJson) {
    const { verdict, reasons } = JSON.parse(canary.finalVerdictJson) as {
      verdict: string;
      reasons: string[];
    };
    return { verdict: 'kept', reason: `The canary ended with ${verdict}. ${reasons.join(' ')}` };
  }
  const phases = Object.keys(run.phases).join(', ') || 'none';
  return {
    verdict: 'kept',
    reason: `Only part of the night ran (phases on record: ${phases}); nothing was decided.`,
  };
}

function gateGlance({ passed, code, reason, n, before, after, gain, interval }: GateReport): GateGlance {
  return { passed, code, reason, n, before, after, gain, interval };
}
