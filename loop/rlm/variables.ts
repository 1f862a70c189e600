import type { Origin, RlmVariable, Span, Trust } from '../contract/rlmTrace.ts';
import { LineIndex } from './lineIndex.ts';

/** A text in the variable space, with whose words it is. */
export interface TextVariable {
  readonly kind: 'text';
  readonly name: string;
  readonly origin: Origin;
  readonly trust: Trust;
  readonly text: string;
  readonly lines: LineIndex;
}

/** A text cut into parts. */
export interface ChunksVariable {
  readonly kind: 'chunks';
  readonly name: string;
  readonly of: TextVariable;
  readonly spans: readonly Span[];
}

export type Variable = TextVariable | ChunksVariable;

/** The variables of one predict. They live and end with it; names are never given twice, contents never change. */
export class Variables {
  readonly #all = new Map<string, Variable>();

  addText(wanted: string, text: string, origin: Origin, trust: Trust): TextVariable {
    const name = this.#free(wanted);
    const variable: TextVariable = { kind: 'text', name, origin, trust, text, lines: new LineIndex(text) };
    this.#all.set(name, variable);
    return variable;
  }

  addChunks(of: TextVariable, spans: readonly Span[]): ChunksVariable {
    const variable: ChunksVariable = { kind: 'chunks', name: this.#free(`${of.name}_chunks`), of, spans };
    this.#all.set(variable.name, variable);
    return variable;
  }

  get(name: string): Variable | undefined {
    return this.#all.get(name);
  }

  texts(): TextVariable[] {
    return [...this.#all.values()].filter(variable => variable.kind === 'text');
  }

  chunkLists(): ChunksVariable[] {
    return [...this.#all.values()].filter(variable => variable.kind === 'chunks');
  }

  /** What they are, without their texts. */
  listed(): RlmVariable[] {
    return [...this.#all.values()].map(variable => {
      const { origin, trust, text } = variable.kind === 'text' ? variable : variable.of;
      return {
        name: variable.name,
        origin,
        trust,
        chars: text.length,
        chunks: variable.kind === 'chunks' ? variable.spans.length : null,
      };
    });
  }

  #free(wanted: string): string {
    if (!this.#all.has(wanted)) return wanted;
    let number = 2;
    while (this.#all.has(`${wanted}${number}`)) number++;
    return `${wanted}${number}`;
  }
}
