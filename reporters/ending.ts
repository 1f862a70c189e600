import type { FullConfig, FullResult } from '@playwright/test/reporter';
import { finishModule } from './besides.ts';
import type { RunSession } from './runSession.ts';
import type { SpoolRow } from './spoolRow.ts';
import type { Summary } from './summaryTable.ts';
import type { TestLedger } from './testLedger.ts';

const MOST_FAILING = 200;

/** What the server is told when a run ends. */
export function finishRow(
  runId: string,
  ledger: TestLedger,
  { shard, ...end }: { durationMs: number; status: FullResult['status']; shard: FullConfig['shard'] },
): SpoolRow {
  const lines = ledger.failing().map(test => test.line);
  const more = lines.length - MOST_FAILING;
  const failingTests = more > 0 ? [...lines.slice(0, MOST_FAILING - 1), `… and ${more + 1} more`] : lines;
  return {
    op: 'finish',
    request: { runId, counts: ledger.counts(), failingTests, ...end, ...(shard ? { shard } : {}) },
  };
}

/** What people are told when a run ends. */
export function summaryOf(session: RunSession, ledger: TestLedger, durationMs: number): Summary {
  return {
    runId: session.runId,
    counts: ledger.counts(),
    failing: ledger.failing(),
    durationMs,
    url: session.url,
    result: session.result,
    undelivered: session.undelivered,
    spoolDir: session.spoolDir,
    deliverCommand: session.deliverCommand,
  };
}

/** Why a night has no result from the server. */
export function whyNoResult(session: RunSession | null): string {
  if (session === null) return 'the reporter had no connection to Convex, see its message on stderr';
  if (session.leaseTrouble !== null) return session.leaseTrouble;
  if (session.finished) return 'the server has no result for this run, as it is not a night of its own';
  if (session.trouble?.runIsClosed)
    return `this start was refused and changed nothing: ${session.trouble.message}`;
  if (session.trouble !== null) return `the outcome could not be delivered: ${session.trouble.message}`;
  return 'the runner ended before the outcome was delivered';
}

/** Advice for a dead server at the end of a run whose servers Playwright itself had just stopped. */
export function orderAdvice(session: RunSession, finishedEarlier: boolean, hasWebServer: boolean): string {
  if (finishedEarlier || !hasWebServer || session.trouble?.unreachable !== true) return '';
  return ` Playwright stops webServer before reporters end: set globalTeardown: '${finishModule}'.`;
}
