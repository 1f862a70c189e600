import type { NightResult, TestCounts } from '../loop/contract/opsRun.ts';
import type { FailingTest } from './testLedger.ts';

/** What is told at the end of a run. */
export interface Summary {
  readonly runId: string;
  readonly counts: TestCounts;
  readonly failing: readonly FailingTest[];
  readonly durationMs: number;
  readonly url: string;
  readonly result: NightResult | null;
  /** Rows that did not reach the server. */
  readonly undelivered: number;
  readonly spoolDir: string;
  readonly deliverCommand: string;
}

const VERDICTS: Record<NightResult['verdict'], string> = {
  promoted: 'Promoted',
  kept: 'Kept',
  stopped: 'Stopped',
  rolled_back: 'Rolled back',
  failed: 'Failed',
};

const LISTED_FAILURES = 20;

/** The verdict of a night in one sentence. */
export function verdictSentence({ verdict, reason, holdout }: NightResult): string {
  const scores =
    holdout === null
      ? ''
      : ` (holdout of ${holdout.n}: ${percent(holdout.before)} before, ${percent(holdout.after)} after, p = ${holdout.pValue.toPrecision(2)})`;
  return `${VERDICTS[verdict]}: ${reason}${scores}`;
}

/** The table for a terminal. */
export function terminalTable(summary: Summary): string {
  const { counts, failing, result } = summary;
  const total = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const cells = Object.entries(counts).map(([outcome, count]) => ({
    head: words(outcome),
    count: String(count),
  }));
  const widths = cells.map(cell => Math.max(cell.head.length, cell.count.length));
  const row = (pick: 'head' | 'count') =>
    cells.map((cell, i) => cell[pick].padStart(widths[i] ?? 0)).join('  ');
  const lines = [
    '',
    `Run ${summary.runId}: ${total} ${total === 1 ? 'test' : 'tests'} in ${seconds(summary.durationMs)}`,
  ];
  if (result !== null) lines.push(`  ${verdictSentence(result)}`);
  lines.push(`  ${row('head')}`, `  ${row('count')}`);
  for (const { line, requestIds } of failing.slice(0, LISTED_FAILURES)) {
    const ids = requestIds.length === 0 ? '' : `  (requests ${requestIds.join(', ')})`;
    lines.push(`  ✘ ${line}${ids}`);
  }
  if (failing.length > LISTED_FAILURES) lines.push(`  … and ${failing.length - LISTED_FAILURES} more`);
  lines.push(`  Page: ${summary.url}`);
  if (summary.undelivered > 0)
    lines.push(
      `  Not delivered: ${summary.undelivered} rows, kept in ${summary.spoolDir}; deliver them: ${summary.deliverCommand}`,
    );
  return `${lines.join('\n')}\n`;
}

/** The same in Markdown, for a CI job's summary page. */
export function markdownSummary(summary: Summary): string {
  const heads = Object.keys(summary.counts).map(words);
  const lines = [`### Run [${summary.runId}](${summary.url})`, ''];
  if (summary.result !== null) lines.push(escapeCell(verdictSentence(summary.result)), '');
  lines.push(
    `| ${heads.join(' | ')} | duration |`,
    `|${' ---: |'.repeat(heads.length + 1)}`,
    `| ${Object.values(summary.counts).join(' | ')} | ${seconds(summary.durationMs)} |`,
    '',
  );
  if (summary.failing.length > 0) {
    lines.push('| failing test | last requests |', '| --- | --- |');
    for (const { line, requestIds } of summary.failing.slice(0, LISTED_FAILURES))
      lines.push(`| ${escapeCell(line)} | ${requestIds.map(id => `\`${id}\``).join(' ')} |`);
    if (summary.failing.length > LISTED_FAILURES)
      lines.push(`| … and ${summary.failing.length - LISTED_FAILURES} more | |`);
    lines.push('');
  }
  if (summary.undelivered > 0)
    lines.push(
      `${summary.undelivered} rows were not delivered; they are kept in \`${summary.spoolDir}\`.`,
      '',
    );
  return `${lines.join('\n')}\n`;
}

function words(outcome: string): string {
  return outcome.replaceAll('_', ' ');
}

function percent(score: number): string {
  return `${(score * 100).toFixed(1)} %`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function escapeCell(text: string): string {
  return text.replace(/\s*\n\s*/g, ' ').replace(/[\\|<>`*_[\]]/g, '\\$&');
}
