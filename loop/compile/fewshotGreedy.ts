import type { FewShot } from '../contract/params.ts';
import type { Signature } from '../signature.ts';
import { type Candidate, fewShotOf, type Proposal, shownRows, variant } from './candidate.ts';
import type { LabelledExample } from './labelled.ts';
import { textOf, wordOverlap } from './wordOverlap.ts';

/** Shows at once are few enough to see which of them helped, and enough to reach the limit in a night. */
const ROWS_PER_PROPOSAL = 2;

/** What `fewshot_greedy.v1` needs to know of the train split, computed once. */
export interface TrainMap {
  readonly rows: readonly LabelledExample[];
  readonly labels: readonly string[];
  /** How well a row stands for its label: likeness to its own label's rows less that to the others'. */
  readonly centrality: readonly number[];
  similarity(a: number, b: number): number;
}

/** Maps the train split by word overlap. */
export function trainMap(signature: Signature, rows: readonly LabelledExample[]): TrainMap {
  const labels = rows.map(row => signature.label?.(row.expected) ?? '');
  const overlap = wordOverlap(rows.map(row => signature.text?.(row.input) ?? textOf(row.input)));
  const centrality = rows.map((_, i) => {
    let own = 0;
    let other = 0;
    for (let j = 0; j < rows.length; j++) {
      if (i === j) continue;
      if (labels[i] === labels[j]) own += overlap.similarity(i, j);
      else other += overlap.similarity(i, j);
    }
    const ownCount = labels.filter(label => label === labels[i]).length - 1;
    return own / Math.max(1, ownCount) - other / Math.max(1, rows.length - 1 - ownCount);
  });
  return { rows, labels, centrality, similarity: overlap.similarity };
}

/** Starting points: for every label its one, then two, most telling rows. */
export function coverageSeeds(
  signature: Signature,
  map: TrainMap,
  from: Candidate,
  limit: number,
): Proposal[] {
  const labels = [...new Set(map.labels)].sort();
  return [1, 2].flatMap(perLabel => {
    const shots = labels.flatMap(label =>
      mostCentral(map, i => map.labels[i] === label, perLabel, new Set()),
    );
    if (shots.length === 0 || shots.length > limit) return [];
    return [
      variant(signature, from.artifact, { fewShots: shots }, `fewshot_greedy.v1: ${perLabel} per label`),
    ];
  });
}

/** One round: for the labels with most errors, show two of the wrong rows that stand for most of them. */
export function additions(
  signature: Signature,
  map: TrainMap,
  from: Candidate,
  options: { round: number; proposals: number; limit: number },
): Proposal[] {
  const shown = shownRows(from.artifact);
  const room = options.limit - from.artifact.params.fewShots.length;
  if (room <= 0) return [];
  const wrong = (i: number) => {
    const row = map.rows[i];
    return row !== undefined && !shown.has(row.exampleId) && (from.train.get(row.exampleId)?.score ?? 0) < 1;
  };
  const errors = new Map<string, number>();
  map.labels.forEach((label, i) => {
    if (wrong(i)) errors.set(label, (errors.get(label) ?? 0) + 1);
  });
  const worst = [...errors].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).slice(0, options.proposals);
  return worst.map(([label]) => {
    const shots = mostCentral(
      map,
      i => map.labels[i] === label && wrong(i),
      Math.min(room, ROWS_PER_PROPOSAL),
      shown,
    );
    const fewShots: FewShot[] = [...from.artifact.params.fewShots, ...shots];
    const names = shots.map(shot => shot.exampleId).join(', ');
    return variant(
      signature,
      from.artifact,
      { fewShots },
      `fewshot_greedy.v1: round ${options.round}, add ${names}`,
    );
  });
}

/** The `count` most central rows among those asked for, each unlike the ones taken before. */
function mostCentral(
  map: TrainMap,
  among: (index: number) => boolean,
  count: number,
  leaveOut: ReadonlySet<string>,
): FewShot[] {
  const pool = map.rows.flatMap((row, i) => (among(i) && !leaveOut.has(row.exampleId) ? [i] : []));
  const taken: number[] = [];
  while (taken.length < count && taken.length < pool.length) {
    let best = -1;
    let bestValue = Number.NEGATIVE_INFINITY;
    for (const i of pool) {
      if (taken.includes(i)) continue;
      const likeness = Math.max(0, ...taken.map(j => map.similarity(i, j)));
      const value = (map.centrality[i] ?? 0) * (1 - likeness);
      if (value > bestValue) [best, bestValue] = [i, value];
    }
    taken.push(best);
  }
  return taken.flatMap(i => {
    const row = map.rows[i];
    return row ? [fewShotOf(row)] : [];
  });
}
