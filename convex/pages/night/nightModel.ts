import {
  type CompileReport,
  compileReportSchema,
  type JobProgress,
  jobProgressSchema,
} from '../../../loop/contract/compile.ts';
import type { Json } from '../../../loop/contract/json.ts';
import {
  type NightVerdict,
  type TestCounts,
  type TestFacts,
  testFactsSchema,
  verdictSchema,
} from '../../../loop/contract/opsRun.ts';
import { phases } from '../../../loop/contract/phase.ts';
import type { Doc } from '../../_generated/dataModel.js';
import { type Problems, type RunSummary, readJson, readStored, runSummarySchema } from '../stored.ts';

/** A night as the pages show it; also what `?format=json` answers. */
export interface Night {
  readonly runId: string;
  readonly signatureId: string | null;
  readonly running: boolean;
  readonly verdict: NightVerdict | null;
  readonly reason: string | null;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  /** End of the night, or now while it runs. */
  readonly until: number;
  readonly phases: readonly PhaseSpan[];
  /** Phase that runs now. */
  readonly phase: string | null;
  readonly facts: Json;
  readonly summary: RunSummary | null;
}

/** A phase that was recorded, from the record before it to its own. */
export interface PhaseSpan {
  readonly phase: string;
  readonly from: number;
  readonly at: number;
  readonly facts: Json;
}

/** A stored run read for the pages. `now` is the time of the request. */
export function nightOf(run: Doc<'dseOpsRuns'>, now: number, problems: Problems): Night {
  const running = run.status === 'running';
  const phases = phaseSpans(run);
  const verdict = verdictSchema.nullable().safeParse(run.verdict);
  if (!verdict.success) problems.push(`The stored verdict "${run.verdict}" is not known.`);
  return {
    runId: run.runId,
    signatureId: run.signatureId,
    running,
    verdict: verdict.success ? verdict.data : null,
    reason: run.reason,
    startedAt: run.startedAt,
    finishedAt: run.finishedAt,
    until: run.finishedAt ?? (running ? now : run.heartbeatAt),
    phases,
    phase: running ? phaseAfter(phases.at(-1)?.phase) : null,
    facts: readJson(run.factsJson),
    summary:
      run.summaryJson === null
        ? null
        : readStored(runSummarySchema, run.summaryJson, `The summary of ${run.runId}`, problems),
  };
}

/** A stored compile report, or null when there is none or it does not fit. */
export function reportOf(row: Doc<'dseCompileReports'> | null, problems: Problems): CompileReport | null {
  if (row === null) return null;
  return readStored(compileReportSchema, row.reportJson, `Compile report ${row.reportId}`, problems);
}

/** How far a running compile is. */
export function progressOf(job: Doc<'dseCompileJobs'> | null, problems: Problems): JobProgress | null {
  if (job === null) return null;
  return readStored(jobProgressSchema, job.progressJson, `The progress of compile ${job.jobId}`, problems);
}

/** Test attempts that fit the contract. */
export function testsOf(texts: readonly string[], problems: Problems): TestFacts[] {
  const read = texts.map(text => readStored(testFactsSchema, text, 'A test result', problems));
  return read.filter(test => test !== null);
}

/** Counts by outcome, the last attempt of each test. */
export function countTests(tests: readonly TestFacts[]): TestCounts {
  const counts: TestCounts = { passed: 0, failed: 0, flaky: 0, skipped: 0, did_not_run: 0, interrupted: 0 };
  const last = new Map(
    tests.toSorted((a, b) => a.at - b.at || a.retry - b.retry).map(test => [test.testId, test]),
  );
  for (const { outcome } of last.values()) counts[outcome] += 1;
  return counts;
}

/** The recorded phases of a run in order of time. */
export function phaseSpans({
  phases: records,
  startedAt,
}: Pick<Doc<'dseOpsRuns'>, 'phases' | 'startedAt'>): PhaseSpan[] {
  const order: readonly string[] = phases;
  const recorded = Object.entries(records).sort(
    ([a, one], [b, other]) => one.at - other.at || order.indexOf(a) - order.indexOf(b),
  );
  return recorded.map(([phase, { at, factsJson }], position) => ({
    phase,
    from: recorded[position - 1]?.[1].at ?? startedAt,
    at,
    facts: readJson(factsJson),
  }));
}

/** The phase that comes after one; the first without one. */
export function phaseAfter(last: string | undefined): string | null {
  const order: readonly string[] = phases;
  return order[last === undefined ? 0 : order.indexOf(last) + 1] ?? null;
}
