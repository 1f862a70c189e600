import { textOf } from '../compile/wordOverlap.ts';
import type { Example } from '../contract/example.ts';
import type { Signature } from '../signature.ts';
import { leaksBetweenSplits } from './nearDuplicates.ts';

/** A row that cannot be taken, and why. */
export interface BadRow {
  /** Position in the import, from 1. */
  readonly row: number;
  readonly exampleId: string;
  readonly problem: string;
}

/** A row that is stored already, as far as a new one is compared with it. */
export type StoredRow = Pick<Example, 'exampleId' | 'split' | 'inputJson'>;

/**
 * Every bad row of an import: wrong shape for the signature, an id twice, the same text in two splits. A row of `stored` that is not
 * imported again counts for the last of these too.
 */
export function badRows(
  signature: Signature,
  examples: readonly Example[],
  stored: readonly StoredRow[] = [],
): BadRow[] {
  const bad: BadRow[] = [];
  const firstRow = new Map<string, number>();
  examples.forEach((example, i) => {
    const report = (problem: string) => bad.push({ row: i + 1, exampleId: example.exampleId, problem });
    const input = signature.input.safeParse(example.inputJson);
    if (!input.success) report(`inputJson${where(input.error.issues[0])}`);
    const expected = signature.output.safeParse(example.expectedJson);
    if (!expected.success) report(`expectedJson${where(expected.error.issues[0])}`);
    const earlier = firstRow.get(example.exampleId);
    if (earlier !== undefined) report(`duplicate exampleId: it is also in row ${earlier}`);
    else firstRow.set(example.exampleId, i + 1);
  });
  const staying = stored.filter(row => !firstRow.has(row.exampleId));
  return [...bad, ...leaking(signature, staying, examples)].sort((a, b) => a.row - b.row);
}

function where(issue: { path: readonly PropertyKey[]; message: string } | undefined): string {
  const path = issue && issue.path.length > 0 ? `.${issue.path.map(String).join('.')}` : '';
  return `${path}: ${issue?.message ?? 'does not fit the signature'}`;
}

/** What a row is about; a row that does not fit its signature is reported anyway, and compared by all its words. */
function textFor(signature: Signature, example: StoredRow): string {
  const fits = signature.text && signature.input.safeParse(example.inputJson).success;
  return fits && signature.text ? signature.text(example.inputJson) : textOf(example.inputJson);
}

/** Rows whose text also stands in another split. Stored rows were compared with each other when they came. */
function leaking(signature: Signature, stored: readonly StoredRow[], examples: readonly Example[]): BadRow[] {
  const rows = [...stored, ...examples];
  const texts = rows.map(row => ({ split: row.split, text: textFor(signature, row) }));
  return leaksBetweenSplits(texts, stored.length).flatMap(({ row, of, exact }) => {
    const [here, there] = [rows[row], rows[of]];
    if (!here || !there) return [];
    const problem = `its text is ${exact ? 'that' : 'nearly that'} of ${there.exampleId}, which is in split ${there.split}, not ${here.split}`;
    return [{ row: row - stored.length + 1, exampleId: here.exampleId, problem }];
  });
}
