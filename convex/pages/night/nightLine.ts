import { type NightVerdict, type TestCounts, verdictSchema } from '../../../loop/contract/opsRun.ts';
import { phases } from '../../../loop/contract/phase.ts';
import type { NightRow } from '../../views.ts';
import { type Problems, readStored, runSummarySchema } from '../stored.ts';
import { gainFigures, type NightOutcome, verdictSentence } from '../wording/verdictSentence.ts';
import { phaseAfter } from './nightModel.ts';

/** A night in a list; also what `/dse?format=json` answers. */
export interface NightLine {
  readonly runId: string;
  readonly signatureId: string | null;
  readonly running: boolean;
  readonly verdict: NightVerdict | null;
  readonly sentence: string;
  readonly startedAt: number;
  /** From the start to the end of the night, or to now while it runs; milliseconds. */
  readonly durationMs: number;
  /** What the sealed examples measured, where the sentence does not say it. */
  readonly measured: string | null;
  readonly modelCalls: number | null;
  /** United States dollars; null when nothing was spent or no price is known. */
  readonly costUsd: number | null;
  readonly tests: TestCounts | null;
}

/** A stored run as a line of a list. `now` is the time of the request. */
export function nightLineOf(run: NightRow, now: number, problems: Problems): NightLine {
  const { runId, signatureId, startedAt, reason } = run;
  const running = run.status === 'running';
  const verdict = verdictSchema.nullable().catch(null).parse(run.verdict);
  const summary =
    run.summaryJson === null
      ? null
      : readStored(runSummarySchema, run.summaryJson, `The summary of ${runId}`, problems);
  const gate = summary?.glance?.gate ?? null;
  const outcome: NightOutcome = {
    verdict,
    reason,
    signatureId,
    running,
    phase: running ? phaseAfter(lastOf(run.phases)) : null,
    gate,
    holdout: summary?.result?.holdout ?? null,
  };
  return {
    runId,
    signatureId,
    running,
    verdict,
    sentence: verdictSentence(outcome),
    startedAt,
    durationMs: (run.finishedAt ?? (running ? now : run.heartbeatAt)) - startedAt,
    measured: gate?.passed && verdict !== 'promoted' ? gainFigures(gate) : null,
    modelCalls: summary?.glance?.modelCalls ?? null,
    costUsd: summary?.glance?.costUsd ?? null,
    tests: summary?.counts ?? null,
  };
}

/** The latest of the phases on record, in the order of a night. */
function lastOf(recorded: readonly string[]): string | undefined {
  return phases.findLast(phase => recorded.includes(phase));
}
