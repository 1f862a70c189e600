import type { RevisionEntry } from './revision.ts';

/** A holdout of which at least this share was seen before goes on with the budget that is being spent. */
const SEEN_SHARE = 0.5;

/** Whether a revision goes on with the false-promotion budget of those before it, and by how much it does. */
export interface HoldoutBudget {
  /** Rows of its holdout, and those of them that an opened revision had, in whatever split. */
  readonly rows: number;
  readonly seen: number;
  /** True: its openings are counted on. False: most of its holdout is new, and a new budget begins. */
  readonly goesOn: boolean;
}

/**
 * Which budget the holdout of a revision spends. A changed label, a renamed id, a row moved from train or one row more must not buy a
 * new budget, or a year of null nights on a data set that grows a little every day would promote something almost surely. So a row
 * counts as seen when its id or its input stood in any split of a revision whose holdout was opened, and a new budget is given only to
 * a holdout of which more than half was never seen: every budget costs that many freshly labelled rows.
 */
export function holdoutBudget(
  entries: readonly RevisionEntry[],
  seenKeys: ReadonlySet<string>,
): HoldoutBudget {
  const holdout = entries.filter(([, , split]) => split === 'holdout');
  const seen = holdout.filter(entry => keysOf(entry).some(key => seenKeys.has(key))).length;
  return { rows: holdout.length, seen, goesOn: seen > 0 && seen >= SEEN_SHARE * holdout.length };
}

/** The keys by which the rows of a revision are known again. */
export function seenKeysOf(entries: readonly RevisionEntry[]): string[] {
  return entries.flatMap(keysOf);
}

function keysOf([exampleId, , , inputKey]: RevisionEntry): string[] {
  return inputKey === undefined ? [`id ${exampleId}`] : [`id ${exampleId}`, `input ${inputKey}`];
}
