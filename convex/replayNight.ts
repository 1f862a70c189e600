import type { FunctionReturnType } from 'convex/server';
import type { ArmCounts } from '../loop/contract/canary.ts';
import { type CompileReport, compileReportSchema } from '../loop/contract/compile.ts';
import type { Json } from '../loop/contract/json.ts';
import type { Replay, ReplayedDecision } from '../loop/contract/replay.ts';
import { cannot, compared } from '../loop/replay/compared.ts';
import { internal } from './_generated/api.js';
import type { ActionCtx } from './_generated/server.js';
import { replayCompile } from './replayCompile.ts';

/**
 * Recomputes every decision of a night from its stored rows and lays it beside what was stored. Reads only, and asks no model.
 * Throws `unknown_run`.
 */
export async function replayNight(ctx: ActionCtx, runId: string): Promise<Replay> {
  const night = await ctx.runQuery(internal.replayRows.night, { runId });
  const report = night.reportJson === null ? null : compileReportSchema.parse(JSON.parse(night.reportJson));
  const decisions = report ? await replayCompile(ctx, report) : [];
  if (report)
    for (const canaryId of night.canaryIds) decisions.push(...(await replayCanary(ctx, canaryId, report)));
  // The last canary is the one a promotion rests on.
  const verdicts = decisions.filter(({ decision }) => decision === 'canary verdict');
  const passed = verdicts.at(-1)?.recomputed.startsWith('pass') ?? false;
  if (night.decidedToPromote !== null || night.promotion) decisions.push(promotionOf(night, report, passed));
  decisions.push(endOf(night));
  return {
    runId,
    signatureId: night.signatureId,
    agrees: decisions.every(({ outcome }) => outcome === 'ok'),
    decisions,
  };
}

type Night = FunctionReturnType<typeof internal.replayRows.night>;
type ReceiptPage = FunctionReturnType<typeof internal.replayRows.canaryReceipts>;

/** Would every gate have let this night promote what it promoted, or not? */
function promotionOf(night: Night, report: CompileReport | null, canaryPassed: boolean): ReplayedDecision {
  const { promotion, decidedToPromote, missingPhases, failedTests } = night;
  const told = (value: { from: string; to: string } | null) => ({
    words: value ? `promoted ${value.to.slice(7, 15)}` : 'not promoted',
    value,
  });
  const shut = [
    report?.gate?.passed ? '' : 'the holdout gate',
    canaryPassed ? '' : 'the canary',
    missingPhases.length > 0 ? `phases ${missingPhases.join(', ')}` : '',
    failedTests.length > 0 ? `tests ${failedTests.join('; ')}` : '',
  ].filter(gate => gate !== '');
  const allowed = report !== null && shut.length === 0;
  const decision = compared(
    'promotion',
    told(promotion && { from: promotion.fromCompiledId, to: promotion.toCompiledId }),
    told(allowed ? { from: report.controlCompiledId, to: report.winnerCompiledId } : null),
  );
  const recomputed =
    shut.length === 0 ? decision.recomputed : `${decision.recomputed}: shut by ${shut.join(' and ')}`;
  if (decision.outcome === 'ok' && decidedToPromote !== null && decidedToPromote !== (promotion !== null))
    return {
      ...decision,
      recomputed,
      outcome: 'differs',
      why: `The promote phase says ${decidedToPromote ? 'that it promoted' : 'that it did not'}, the history of the pointer the opposite.`,
    };
  return { ...decision, recomputed };
}

function endOf({ stored, recomputed }: Night): ReplayedDecision {
  if (!recomputed) return cannot('verdict of the night', 'none', 'The night has not ended yet.');
  const told = (end: { verdict: string | null; reason: string | null }) => ({
    words: end.verdict ?? 'none',
    value: end as Json,
  });
  return compared('verdict of the night', told(stored), told(recomputed));
}

const none = (): ArmCounts => ({ n: 0, failures: 0, correct: 0, wrong: 0 });

/** The counts of a canary from its receipts, one by one, and the verdict that these counts lead to. */
async function replayCanary(
  ctx: ActionCtx,
  canaryId: string,
  { datasetHash }: CompileReport,
): Promise<ReplayedDecision[]> {
  const { counts: stored, step } = await ctx.runQuery(internal.replayRows.canaryStored, { canaryId });
  const counts = { control: none(), canary: none() };
  const earlier = { control: none(), canary: none() };
  const unsound: string[] = [];
  let cursor: string | null = null;
  do {
    const page: ReceiptPage = await ctx.runQuery(internal.replayRows.canaryReceipts, {
      canaryId,
      datasetHash,
      cursor,
    });
    for (const receipt of page.receipts) {
      // What comes after the stop, and what nobody asked for, is kept and not counted.
      if (receipt.arm === 'none' || receipt.step === null) continue;
      for (const tally of receipt.step < step
        ? [counts[receipt.arm], earlier[receipt.arm]]
        : [counts[receipt.arm]]) {
        tally.n++;
        if (!receipt.ok) tally.failures++;
        if (receipt.correct === true) tally.correct++;
        if (receipt.correct === false) tally.wrong++;
      }
      if (!receipt.sound || receipt.correct !== receipt.storedCorrect) unsound.push(receipt.receiptId);
    }
    cursor = page.cursor;
  } while (cursor !== null);
  const told = (value: Json) => {
    const { control, canary } = value as { control: ArmCounts; canary: ArmCounts };
    const arm = (tally: ArmCounts) =>
      `${tally.correct} of ${tally.correct + tally.wrong} right, ${tally.failures} of ${tally.n} failed`;
    return { words: `control ${arm(control)}; canary ${arm(canary)}`, value: { control, canary } as Json };
  };
  const recount = compared('canary counts', told(stored), told(counts));
  const decisions = [
    unsound.length === 0
      ? recount
      : {
          ...recount,
          outcome: 'differs' as const,
          why: `These receipts contradict their row, their user or their label: ${unsound.slice(0, 5).join(', ')}${unsound.length > 5 ? ` and ${unsound.length - 5} more` : ''}.`,
        },
  ];
  const verdict = await ctx.runQuery(internal.replayRows.canaryVerdictOn, { canaryId, counts, earlier });
  if (!verdict) return [...decisions, cannot('canary verdict', 'none', 'The canary is still open.')];
  const toldVerdict = (json: string | null) => {
    const value = JSON.parse(json ?? 'null') as { verdict?: string; code?: string } | null;
    return { words: value ? `${value.verdict} (${value.code})` : 'none', value: value as Json };
  };
  return [
    ...decisions,
    compared('canary verdict', toldVerdict(verdict.storedJson), toldVerdict(verdict.recomputedJson)),
  ];
}
