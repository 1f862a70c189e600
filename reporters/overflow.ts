import type { Batch } from './spool.ts';
import type { SpoolRow } from './spoolRow.ts';

/** The runner's own memory is some 150 MiB; so much more is no danger, and holds the results of some 10 000 tests. */
const MOST_BYTES = 16 * 2 ** 20;

/** Rows that wait in memory because the disk refused them, in order and within a bound. */
export class Overflow {
  readonly #rows: { readonly row: SpoolRow; readonly bytes: number }[] = [];
  #bytes = 0;

  get size(): number {
    return this.#rows.length;
  }

  rows(): SpoolRow[] {
    return this.#rows.map(({ row }) => row);
  }

  /** False when there is no room. */
  push(row: SpoolRow): boolean {
    const bytes = Buffer.byteLength(JSON.stringify(row));
    if (this.#bytes + bytes > MOST_BYTES) return false;
    this.#rows.push({ row, bytes });
    this.#bytes += bytes;
    return true;
  }

  /** The first rows that fit one request and are of one kind, or null when there are none. */
  read(most: number, mostBytes: number): Batch | null {
    const rows: SpoolRow[] = [];
    let room = mostBytes;
    for (const { row, bytes } of this.#rows.slice(0, most)) {
      room -= bytes;
      const fits = rows.length === 0 || (room >= 0 && row.op === 'event' && rows[0]?.op === 'event');
      if (!fits) break;
      rows.push(row);
    }
    return rows.length === 0 ? null : { rows, lines: rows.length, end: null };
  }

  /** Forgets the first rows. */
  drop(count: number): void {
    for (const { bytes } of this.#rows.splice(0, count)) this.#bytes -= bytes;
  }
}
