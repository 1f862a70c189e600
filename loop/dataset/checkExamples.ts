import { textOf } from '../compile/wordOverlap.ts';
import type { Example } from '../contract/example.ts';
import type { Signature } from '../signature.ts';

/** A row that cannot be taken, and why. */
export interface BadRow {
  /** Position in the import, from 1. */
  readonly row: number;
  readonly exampleId: string;
  readonly problem: string;
}

/** Two messages count as near duplicates when they share this part of their distinct words (Jaccard index). */
const NEAR = 0.8;

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
  const leaking = leaks(staying, examples, row => textFor(signature, row));
  return [...bad, ...leaking].sort((a, b) => a.row - b.row);
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

/** Rows whose text, nearly, also stands in another split: they would let the answer leak from search to proof. */
function leaks(
  stored: readonly StoredRow[],
  examples: readonly Example[],
  text: (row: StoredRow) => string,
): BadRow[] {
  const rows = [...stored, ...examples];
  const words = rows.map(example => [
    ...new Set(
      text(example)
        .toLowerCase()
        .match(/[\p{L}\p{N}']+/gu) ?? [],
    ),
  ]);
  const frequency = new Map<string, number>();
  for (const set of words) for (const word of set) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  // Prefix filtering (Chaudhuri, Ganti & Kaushik 2006): sets this alike must share one of their rarest words.
  const byWord = new Map<string, number[]>();
  const bad: BadRow[] = [];
  words.forEach((set, i) => {
    const rarest = [...set].sort(
      (a, b) => (frequency.get(a) ?? 0) - (frequency.get(b) ?? 0) || (a < b ? -1 : 1),
    );
    const prefix = rarest.slice(0, rarest.length - Math.ceil(NEAR * rarest.length) + 1);
    // Stored rows were compared with each other when they came.
    const seen = new Set(i < stored.length ? [] : prefix.flatMap(word => byWord.get(word) ?? []));
    for (const j of seen) {
      const [here, there] = [rows[i], rows[j]];
      if (here && there && here.split !== there.split && jaccard(set, words[j] ?? []) >= NEAR) {
        bad.push({
          row: i - stored.length + 1,
          exampleId: here.exampleId,
          problem: `its text is nearly that of ${there.exampleId}, which is in split ${there.split}, not ${here.split}`,
        });
        break;
      }
    }
    for (const word of prefix) byWord.set(word, [...(byWord.get(word) ?? []), i]);
  });
  return bad;
}

function jaccard(a: readonly string[], b: readonly string[]): number {
  const other = new Set(b);
  const common = a.filter(word => other.has(word)).length;
  const union = a.length + b.length - common;
  return union === 0 ? 0 : common / union;
}
