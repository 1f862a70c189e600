import type { Span } from '../contract/rlmTrace.ts';

/** Where the lines of a text begin. */
export class LineIndex {
  readonly #starts: number[] = [0];
  readonly #length: number;

  constructor(text: string) {
    this.#length = text.length;
    for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) this.#starts.push(at + 1);
  }

  get count(): number {
    return this.#starts.length;
  }

  /** The line, counted from 1, that holds the character at `offset`. */
  lineAt(offset: number): number {
    let low = 0;
    let high = this.#starts.length - 1;
    while (low < high) {
      const middle = Math.ceil((low + high) / 2);
      if ((this.#starts[middle] ?? 0) <= offset) low = middle;
      else high = middle - 1;
    }
    return low + 1;
  }

  /** The characters of a line, its line break not included. */
  lineSpan(source: string, line: number): Span {
    const start = this.#starts[line - 1] ?? 0;
    const next = this.#starts[line];
    return this.span(source, start, next === undefined ? this.#length : next - 1);
  }

  span(source: string, start: number, end: number): Span {
    return {
      source,
      start,
      end,
      lines: { first: this.lineAt(start), last: this.lineAt(Math.max(start, end - 1)) },
    };
  }
}
