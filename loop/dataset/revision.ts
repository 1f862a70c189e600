import { contentHash } from '../contentHash.ts';
import type { Example, Split } from '../contract/example.ts';

/**
 * One line of a revision: which row, with which content, in which split, and about which input. `inputKey` stays the same when
 * label, split, tags or id of a row change; revisions stored before it was kept have none.
 */
export type RevisionEntry = readonly [
  exampleId: string,
  contentHash: string,
  split: Split,
  inputKey?: string | undefined,
];

/** The content hash of a row: everything but its place in the file. */
export function exampleHash(example: Example): string {
  return contentHash(example);
}

/** The line that a row makes in its revision. `hash` is its `exampleHash`. */
export function entryOf({ exampleId, split, inputJson }: Example, hash: string): RevisionEntry {
  return [exampleId, hash, split, inputKeyOf(inputJson)];
}

/** 64 bits of the hash of an input: enough to tell a million rows apart, short enough to keep one for every row ever seen. */
function inputKeyOf(input: Example['inputJson']): string {
  return contentHash(input).slice('sha256:'.length, 'sha256:'.length + 16);
}

/** Entries in the order of their ids, by code units: the order in which a revision is stored and hashed. */
export function inOrder(entries: Iterable<RevisionEntry>): RevisionEntry[] {
  return [...entries].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
}

/** `datasetHash`: the hash of which rows a revision has, with which contents, in which splits. */
export function datasetHash(entries: Iterable<RevisionEntry>): string {
  return contentHash(inOrder(entries).map(([exampleId, hash, split]) => [exampleId, hash, split]));
}
