import { type DiffPart, sequenceDiff } from './sequenceDiff.ts';

/** A line of a prompt has fewer words; of a longer one all counts as changed. */
const MOST_WORDS = 600;

/**
 * What changed from one line to another, by words: longest stretches of words that stayed, went or came. Kept and removed parts
 * give the old line back, kept and added ones the new.
 */
export function wordDiff(before: string, after: string): DiffPart[] {
  const [a, b] = [wordsOf(before), wordsOf(after)];
  const parts =
    Math.max(a.length, b.length) > MOST_WORDS
      ? [part('del', before), part('add', after)]
      : sequenceDiff(a, b);
  return stretches(parts.flatMap((word, at) => (isGap(parts, at) ? changed(word.text) : word)));
}

/** Words, and one by one what stands between them. */
function wordsOf(line: string): string[] {
  return line.match(/[\p{L}\p{N}_'’]+|\s+|./gsu) ?? [];
}

function part(op: DiffPart['op'], text: string): DiffPart {
  return { op, text };
}

/** A space that stayed between two changes: it only tears a changed phrase apart. */
function isGap(parts: readonly DiffPart[], at: number): boolean {
  const [before, here, after] = [parts[at - 1], parts[at], parts[at + 1]];
  if (!before || !here || !after || here.op !== 'same' || here.text.trim() !== '') return false;
  return before.op !== 'same' && after.op !== 'same';
}

function changed(text: string): DiffPart[] {
  return [part('del', text), part('add', text)];
}

/** Neighbours of a kind as one; between two that stayed, what went stands before what came. */
function stretches(parts: readonly DiffPart[]): DiffPart[] {
  const joined: DiffPart[] = [];
  let run = { same: '', del: '', add: '' };
  const end = () => {
    for (const op of ['same', 'del', 'add'] as const) if (run[op] !== '') joined.push(part(op, run[op]));
    run = { same: '', del: '', add: '' };
  };
  for (const { op, text } of parts) {
    if (op === 'same' && (run.del !== '' || run.add !== '')) end();
    run[op] += text;
  }
  end();
  return joined;
}
