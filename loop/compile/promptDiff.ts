import { type DiffPart, sequenceDiff } from './sequenceDiff.ts';

/** Line diff of two prompts; they are short enough for its quadratic table. */
export function promptDiff(before: string, after: string): DiffPart[] {
  return sequenceDiff(before.split('\n'), after.split('\n'));
}
