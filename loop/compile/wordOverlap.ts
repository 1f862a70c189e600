import type { Json } from '../contract/json.ts';

/** Texts as weighted word vectors, and their cosine. Used to choose few-shots that stand for many rows. */
export interface WordOverlap {
  /** 0 (no common word) to 1 (same words). */
  similarity(a: number, b: number): number;
}

/**
 * Cosine of tf-idf vectors over words, idf smoothed as ln((1 + n) / (1 + df)) + 1 (Salton & Buckley 1988, the smoothing
 * of scikit-learn's TfidfTransformer). Words in every row, such as a constant hint, weigh next to nothing.
 */
export function wordOverlap(texts: readonly string[]): WordOverlap {
  const bags = texts.map(wordsOf);
  const documents = new Map<string, number>();
  for (const bag of bags) for (const word of bag.keys()) documents.set(word, (documents.get(word) ?? 0) + 1);
  const vectors = bags.map(bag => {
    const vector = new Map<string, number>();
    let norm = 0;
    for (const [word, count] of bag) {
      const df = documents.get(word) ?? 0;
      const weight = df === texts.length ? 0 : count * (Math.log((1 + texts.length) / (1 + df)) + 1);
      vector.set(word, weight);
      norm += weight * weight;
    }
    const length = Math.sqrt(norm) || 1;
    for (const [word, weight] of vector) vector.set(word, weight / length);
    return vector;
  });
  return {
    similarity(a, b) {
      const [small, large] = [vectors[a], vectors[b]].sort((x, y) => (x?.size ?? 0) - (y?.size ?? 0));
      let dot = 0;
      for (const [word, weight] of small ?? []) dot += weight * (large?.get(word) ?? 0);
      return dot;
    },
  };
}

/** Every string in a JSON value, joined. */
export function textOf(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join(' ');
  if (value !== null && typeof value === 'object') return Object.values(value).map(textOf).join(' ');
  return '';
}

function wordsOf(text: string): Map<string, number> {
  const bag = new Map<string, number>();
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}']+/gu) ?? [])
    bag.set(word, (bag.get(word) ?? 0) + 1);
  return bag;
}
