/** Two texts are near duplicates when they share this part of their distinct words (Jaccard index). */
const NEAR = 0.8;

/** What is compared of a row. */
export interface SplitText {
  readonly split: string;
  readonly text: string;
}

/** A row whose text stands in another split too. Both are positions in the rows that were given. */
export interface Leak {
  readonly row: number;
  readonly of: number;
  /** True: the same words. False: nearly the same. */
  readonly exact: boolean;
}

/**
 * Rows from `from` on whose text, nearly, stands earlier in another split: they would let the answer leak from search to proof. At
 * most one leak is told of each row.
 *
 * Prefix filtering (Chaudhuri, Ganti & Kaushik 2006): texts this alike share one of their rarest words, so only rows with such a word
 * in common, of fitting length, and in other splits are compared. Thousands of rows of one template in one split cost nothing.
 */
export function leaksBetweenSplits(rows: readonly SplitText[], from = 0): Leak[] {
  const sets = wordSets(rows.map(row => row.text));
  const rowsByWord = new Map<string, Map<number, number[]>>();
  const lastAskedBy = new Int32Array(rows.length).fill(-1);
  const leaks: Leak[] = [];
  rows.forEach(({ split }, row) => {
    const words = sets[row] ?? new Int32Array();
    // Rarest words come first: a text of n words must have one of these in common with a text that shares 80 % of them.
    const prefix = words.subarray(0, words.length - Math.ceil(NEAR * words.length) + 1);
    if (row >= from) {
      const leak = firstLeak(row);
      if (leak) leaks.push(leak);
    }
    const own = rowsByWord.get(split) ?? new Map<number, number[]>();
    rowsByWord.set(split, own);
    for (const word of prefix) {
      const sharing = own.get(word);
      if (sharing) sharing.push(row);
      else own.set(word, [row]);
    }

    function firstLeak(asking: number): Leak | null {
      for (const [other, byWord] of rowsByWord) {
        if (other === split) continue;
        for (const word of prefix)
          for (const of of byWord.get(word) ?? []) {
            if (lastAskedBy[of] === asking) continue;
            lastAskedBy[of] = asking;
            const likeness = jaccard(words, sets[of] ?? new Int32Array());
            if (likeness >= NEAR) return { row: asking, of, exact: likeness === 1 };
          }
      }
      return null;
    }
  });
  return leaks;
}

/** The distinct words of each text as numbers, rarest word first: the same order everywhere, so that sets compare by merging. */
function wordSets(texts: readonly string[]): Int32Array[] {
  const bags = texts.map(text => new Set(wordsOf(text)));
  const frequency = new Map<string, number>();
  for (const bag of bags) for (const word of bag) frequency.set(word, (frequency.get(word) ?? 0) + 1);
  const rarestFirst = [...frequency].sort(([a, n], [b, m]) => n - m || (a < b ? -1 : 1));
  const rank = new Map(rarestFirst.map(([word], i) => [word, i]));
  return bags.map(bag => Int32Array.from(bag, word => rank.get(word) ?? 0).sort());
}

/** A text without any word, such as a lone emoji, is one word itself. */
function wordsOf(text: string): string[] {
  return text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [text.trim()];
}

function jaccard(a: Int32Array, b: Int32Array): number {
  if (Math.min(a.length, b.length) < NEAR * Math.max(a.length, b.length)) return 0;
  let common = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length; ) {
    const difference = (a[i] ?? 0) - (b[j] ?? 0);
    if (difference === 0) common++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return common / (a.length + b.length - common);
}
