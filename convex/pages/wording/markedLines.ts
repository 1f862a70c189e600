import type { DiffPart } from '../../../loop/compile/sequenceDiff.ts';
import { wordDiff } from '../../../loop/compile/wordDiff.ts';
import type { DiffLine } from './foldDiff.ts';

/** A line of a diff; one that took the place of another has its words apart, those that changed and those that did not. */
export interface MarkedLine extends DiffLine {
  /** Null where all of the line stayed, came or went. */
  readonly words: readonly DiffPart[] | null;
}

/** Two lines that share less than this of their letters have nothing to do with each other. */
const LEAST_SHARED = 0.5;

/** Added lines that are compared with a removed one: a rewritten line is not far. */
const LOOK_AHEAD = 6;

/** The lines of a diff; a removed line that was rewritten stands above what it became, and both have their changed words apart. */
export function markedLines(diff: readonly DiffLine[]): MarkedLine[] {
  const lines: MarkedLine[] = [];
  let block: DiffLine[] = [];
  for (const line of diff) {
    if (line.op !== 'same') block.push(line);
    else {
      lines.push(...rewritten(block), whole(line));
      block = [];
    }
  }
  return [...lines, ...rewritten(block)];
}

/** A block of changes, where each removed line is told with the next added one that is like it. */
function rewritten(block: readonly DiffLine[]): MarkedLine[] {
  const added = block.filter(line => line.op === 'add');
  const lines: MarkedLine[] = [];
  let next = 0;
  for (const removed of block.filter(line => line.op === 'del')) {
    const diffs = added.slice(next, next + LOOK_AHEAD).map(line => wordDiff(removed.text, line.text));
    const found = diffs.findIndex(words => sharedBy(words) >= LEAST_SHARED);
    const [words, became] = [diffs[found], added[next + found]];
    if (!words || !became) {
      lines.push(whole(removed));
      continue;
    }
    lines.push(...added.slice(next, next + found).map(whole));
    lines.push({ ...removed, words: words.filter(({ op }) => op !== 'add') });
    lines.push({ ...became, words: words.filter(({ op }) => op !== 'del') });
    next += found + 1;
  }
  return [...lines, ...added.slice(next).map(whole)];
}

function whole(line: DiffLine): MarkedLine {
  return { ...line, words: null };
}

/** The share of the letters of both lines that stayed. */
function sharedBy(words: readonly DiffPart[]): number {
  const lengthOf = (op: DiffPart['op']) =>
    words.filter(word => word.op === op).reduce((sum, { text }) => sum + text.trim().length, 0);
  const same = lengthOf('same');
  return same === 0 ? 0 : same / (same + Math.max(lengthOf('add'), lengthOf('del')));
}
