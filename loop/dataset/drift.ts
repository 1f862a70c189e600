import type { Drift, LabelCount, RowChange } from '../contract/dataset.ts';
import type { Split } from '../contract/example.ts';
import { jensenShannon } from '../stats/jensenShannon.ts';

/** What is compared of a row. `contentHash` differs whenever anything of the row does. */
export interface DriftRow {
  readonly exampleId: string;
  readonly contentHash: string;
  readonly split: Split;
  readonly label: string;
  readonly text: string;
}

/** As many changes as a person looks through; the rest is counted. */
const MOST_CHANGES = 200;

/** How a revision differs from the one before: its rows, its labels, its words. `before` is null for the first revision. */
export function driftOf(
  before: { datasetHash: string; rows: readonly DriftRow[] } | null,
  after: { datasetHash: string; rows: readonly DriftRow[] },
): Drift {
  const old = new Map((before?.rows ?? []).map(row => [row.exampleId, row]));
  const now = new Map(after.rows.map(row => [row.exampleId, row]));
  const changes = [
    ...after.rows.flatMap(row => changeOf(old.get(row.exampleId), row)),
    ...(before?.rows ?? []).filter(row => !now.has(row.exampleId)).flatMap(row => changeOf(row, undefined)),
  ];
  const count = (kind: RowChange['kind']) => changes.filter(change => change.kind === kind).length;
  const words = { before: tally(before?.rows ?? [], wordsOf), after: tally(after.rows, wordsOf) };
  return {
    from: before?.datasetHash ?? null,
    to: after.datasetHash,
    added: count('added'),
    removed: count('removed'),
    changed: count('changed'),
    moved: count('moved'),
    same: after.rows.length - count('added') - count('changed') - count('moved'),
    labels: labelCounts(before?.rows ?? [], after.rows),
    labelDistance: before && jensenShannon(tally(before.rows, labelOf), tally(after.rows, labelOf)),
    textDistance: before && jensenShannon(words.before, words.after),
    newWordShare: before && newShare(words.before, words.after),
    leakedToHoldout: changes.filter(
      ({ fromSplit, toSplit }) => toSplit === 'holdout' && (fromSplit === 'train' || fromSplit === 'dev'),
    ).length,
    changes: changes.slice(0, MOST_CHANGES),
    changesLeftOut: Math.max(0, changes.length - MOST_CHANGES),
  };
}

function changeOf(old: DriftRow | undefined, now: DriftRow | undefined): RowChange[] {
  if (old && now && old.contentHash === now.contentHash) return [];
  const exampleId = (now ?? old)?.exampleId;
  if (exampleId === undefined) return [];
  // Whoever writes instructions should not have read the holdout: where it was part of it, a row shows no text.
  const sealed = old?.split === 'holdout' || now?.split === 'holdout';
  return [
    {
      exampleId,
      kind: !old ? 'added' : !now ? 'removed' : old.split === now.split ? 'changed' : 'moved',
      fromSplit: old?.split ?? null,
      toSplit: now?.split ?? null,
      fromLabel: old?.label ?? null,
      toLabel: now?.label ?? null,
      fromText: sealed ? null : (old?.text ?? null),
      toText: sealed ? null : (now?.text ?? null),
    },
  ];
}

function labelCounts(before: readonly DriftRow[], after: readonly DriftRow[]): LabelCount[] {
  const labels = [...new Set([...before, ...after].map(labelOf))].sort();
  return labels.map(label => {
    const rows = after.filter(row => row.label === label);
    const inSplit = (split: Split) => rows.filter(row => row.split === split).length;
    return {
      label,
      before: before.filter(row => row.label === label).length,
      after: rows.length,
      bySplit: {
        train: inSplit('train'),
        dev: inSplit('dev'),
        holdout: inSplit('holdout'),
        canary: inSplit('canary'),
      },
    };
  });
}

function labelOf(row: DriftRow): string {
  return row.label;
}

function wordsOf(row: DriftRow): string[] {
  return row.text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [];
}

function tally(rows: readonly DriftRow[], keysOf: (row: DriftRow) => string | string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const row of rows) for (const key of [keysOf(row)].flat()) counts.set(key, (counts.get(key) ?? 0) + 1);
  return counts;
}

function newShare(before: ReadonlyMap<string, number>, after: ReadonlyMap<string, number>): number {
  let all = 0;
  let unseen = 0;
  for (const [word, count] of after) {
    all += count;
    if (!before.has(word)) unseen += count;
  }
  return all === 0 ? 0 : unseen / all;
}
