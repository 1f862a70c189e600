import type { FewShot } from '../contract/params.ts';
import type { Signature } from '../signature.ts';
import type { Arena } from './arena.ts';
import { type Candidate, fewShotOf, type Proposal, shownRows, variant } from './candidate.ts';
import type { LabelledExample } from './labelled.ts';
import { textOf, wordOverlap } from './wordOverlap.ts';

/** Shows at once are few enough to see which of them helped, and enough to reach the limit in a night. */
const ROWS_PER_PROPOSAL = 2;

/** What the worst labels do not gain from may still help others, but not many rounds in a row go by in vain before nothing helps. */
const MOST_IDLE_ROUNDS = 2;

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

/** How far `fewshot_greedy.v1` goes. */
export interface FewShotLimits {
  readonly maxFewShots: number;
  readonly rounds: number;
  readonly proposalsPerRound: number;
}

/**
 * `fewshot_greedy.v1`: starts from the rows that stand best for each label, then adds rows like those that are still wrong, and once
 * there is no more room puts them in the place of others, as long as that helps.
 */
export async function fewshotGreedy(
  arena: Arena,
  from: Candidate,
  limits: FewShotLimits,
): Promise<Candidate> {
  const map = trainMap(arena.signature, arena.rows);
  let current = await arena.race(from, coverageSeeds(arena.signature, map, from, limits.maxFewShots));
  // A label is not tried again until all others were: what did not help it just now will not help it now.
  let tried = new Set<string>();
  let idle = 0;
  for (let round = 1; round <= limits.rounds && idle < MOST_IDLE_ROUNDS; round++) {
    if (worstLabels(map, current, tried).length === 0) tried = new Set();
    const labels = worstLabels(map, current, tried).slice(0, limits.proposalsPerRound);
    const next = await arena.race(
      current,
      changes(arena.signature, map, current, labels, { round, ...limits }),
    );
    for (const label of labels) tried.add(label);
    idle = next === current ? idle + 1 : 0;
    current = next;
  }
  return current;
}

/** Starting points: for every label its one, then two, most telling rows. */
function coverageSeeds(signature: Signature, map: TrainMap, from: Candidate, limit: number): Proposal[] {
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

/** Labels with wrong rows, without those tried, the one with most first. */
function worstLabels(map: TrainMap, from: Candidate, tried: ReadonlySet<string>): string[] {
  const errors = new Map<string, number>();
  for (const i of wrongRows(map, from)) {
    const label = map.labels[i] ?? '';
    if (!tried.has(label)) errors.set(label, (errors.get(label) ?? 0) + 1);
  }
  return [...errors].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1)).map(([label]) => label);
}

/** Places of the rows that a candidate answered wrong; those it shows are not among them. */
function wrongRows(map: TrainMap, from: Candidate): Set<number> {
  const shown = shownRows(from.artifact);
  return new Set(
    map.rows.flatMap(({ exampleId }, i) =>
      !shown.has(exampleId) && (from.train.get(exampleId)?.score ?? 0) < 1 ? [i] : [],
    ),
  );
}

/** One round: for each label, the wrong rows that stand for most of them, added, or in the place of one that is shown. */
function changes(
  signature: Signature,
  map: TrainMap,
  from: Candidate,
  labels: readonly string[],
  { round, maxFewShots }: FewShotLimits & { round: number },
): Proposal[] {
  const shown = shownRows(from.artifact);
  const wrong = wrongRows(map, from);
  const now = from.artifact.params.fewShots;
  const room = maxFewShots - now.length;
  const origin = `fewshot_greedy.v1: round ${round}`;
  return labels.flatMap(label => {
    const isWrong = (i: number) => map.labels[i] === label && wrong.has(i);
    const add = mostCentral(map, isWrong, room > 0 ? Math.min(room, ROWS_PER_PROPOSAL) : 1, shown);
    const names = add.map(shot => shot.exampleId).join(', ');
    if (room > 0)
      return [variant(signature, from.artifact, { fewShots: [...now, ...add] }, `${origin}, add ${names}`)];
    const out = now.findIndex(shot => signature.label?.(shot.output) === label);
    const gone = now[out];
    if (!gone) return [];
    const fewShots = [...now.toSpliced(out, 1), ...add];
    const swap = `${origin}, ${names} in place of ${gone.exampleId}`;
    return [variant(signature, from.artifact, { fewShots }, swap)];
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
