import type { CompileReport } from '../../../loop/contract/compile.ts';

/** A line of a prompt diff. */
export type DiffLine = CompileReport['promptDiff'][number];

/** Lines to show, or unchanged lines to fold away. */
export interface DiffRun<Line extends DiffLine> {
  readonly folded: boolean;
  readonly lines: readonly Line[];
}

/** Unchanged lines kept in view on each side of a change. */
const CONTEXT = 2;

/** Cuts a diff into what a reader needs to see and long unchanged stretches. Nothing is dropped. */
export function foldDiff<Line extends DiffLine>(diff: readonly Line[]): DiffRun<Line>[] {
  const near = diff.map((_, at) =>
    diff.slice(Math.max(0, at - CONTEXT), at + CONTEXT + 1).some(line => line.op !== 'same'),
  );
  const runs: { folded: boolean; lines: Line[] }[] = [];
  for (const [at, line] of diff.entries()) {
    const last = runs.at(-1);
    if (last && last.folded === !near[at]) last.lines.push(line);
    else runs.push({ folded: !near[at], lines: [line] });
  }
  return runs.map(run => (run.lines.length === 1 ? { ...run, folded: false } : run));
}
