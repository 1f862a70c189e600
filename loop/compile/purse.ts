import type { ItemScore } from './labelled.ts';

/** The most that a compile may spend, judge and gate included; null is without limit. */
export interface Limits {
  readonly calls: number | null;
  readonly tokens: number | null;
  /** Dollars. */
  readonly usd: number | null;
}

/** What rows cost. */
export interface Spent {
  readonly calls: number;
  readonly tokens: number;
  /** Null when a price is not known. */
  readonly costUsd: number | null;
}

/** What was spent, or may be, in the units of {@link Limits}. */
export type Amount = Readonly<Record<keyof Limits, number>>;

/** Which limit an amount breaks, in words; null when it keeps them all. */
export function brokenLimit({ calls, tokens, usd }: Limits, amount: Amount): string | null {
  if (calls !== null && amount.calls > calls) return `${calls} calls`;
  if (tokens !== null && amount.tokens > tokens) return `${tokens} tokens`;
  return usd !== null && amount.usd > usd ? `${usd} dollars` : null;
}

/** An amount made unit by unit. */
export function amountOf(of: (unit: keyof Limits) => number): Amount {
  return { calls: of('calls'), tokens: of('tokens'), usd: of('usd') };
}

/** Room for the last calls under way, each of which may need a repair, so that the plan ends before the hard limit does. */
const SLACK_ROWS = 4;

/** Rows that a search must leave the means for: the finalists, control and defaults on dev, and both sides of the gate. */
export function rowsKept(finalists: number, devRows: number, holdoutRows: number): number {
  return (finalists + 2) * devRows + 2 * holdoutRows + SLACK_ROWS;
}

const nothing: Amount = { calls: 0, tokens: 0, usd: 0 };

/**
 * What a search has spent and may still spend. It counts answers from the ledger like paid ones, so that a search which starts again
 * from the top decides as it did before. A row to come is taken to cost what the dearest one did.
 */
export class Purse {
  readonly #limits: Limits;
  /** Rows that the pick and the gate will need. */
  readonly #kept: number;
  #spent = nothing;
  #dearest: Amount = { ...nothing, calls: 1 };

  constructor(limits: Limits, kept: number) {
    this.#limits = limits;
    this.#kept = kept;
  }

  /** Counts a row that was answered. */
  pay({ spent = { calls: 1, tokens: 0, costUsd: 0 } }: ItemScore): void {
    const row = { calls: spent.calls, tokens: spent.tokens, usd: spent.costUsd ?? 0 };
    this.#spent = amountOf(unit => this.#spent[unit] + row[unit]);
    this.#dearest = amountOf(unit => Math.max(this.#dearest[unit], row[unit]));
  }

  /** Which limit so many more rows, and after them the pick and the gate, would break, in words; null when there is enough. */
  limitFor(rows: number): string | null {
    const more = rows + this.#kept;
    return brokenLimit(
      this.#limits,
      amountOf(unit => this.#spent[unit] + more * this.#dearest[unit]),
    );
  }
}
