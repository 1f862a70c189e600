import type { Span } from '../contract/rlmTrace.ts';
import type { TextVariable } from './variables.ts';

// More lines than this are no finding but another text to read.
const MOST_FOUND = 8;

/** The lines that hold most words of a query, rare words counting more (inverse document frequency), in text order. */
export function searchLines({ name, text, lines }: TextVariable, query: string): Span[] {
  const wanted = [...wordsOf(query)];
  const all = text.split('\n').map(wordsOf);
  const weight = new Map(
    wanted.map(word => [word, Math.log(1 + all.length / (1 + all.filter(line => line.has(word)).length))]),
  );
  return all
    .map((words, at) => ({
      line: at + 1,
      score: wanted.reduce((sum, word) => sum + (words.has(word) ? (weight.get(word) ?? 0) : 0), 0),
    }))
    .filter(({ score }) => score > 0)
    .sort((a, b) => b.score - a.score || a.line - b.line)
    .slice(0, MOST_FOUND)
    .sort((a, b) => a.line - b.line)
    .map(({ line }) => lines.lineSpan(name, line));
}

function wordsOf(text: string): Set<string> {
  return new Set(text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []);
}
