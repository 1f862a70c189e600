import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { opsRunEvent } from '../loop/contract/endpoint.ts';
import { Overflow } from './overflow.ts';
import { rowOf, type SpoolHeader, type SpoolRow, spoolHeaderSchema } from './spoolRow.ts';

/** Rows that go out together: one start, one finish, or up to {@link MOST_ROWS} events. */
export interface Batch {
  readonly rows: readonly SpoolRow[];
  /** Lines read, with those that are not rows. */
  readonly lines: number;
  /** Offset behind the last line; null for rows that the disk refused. */
  readonly end: number | null;
}

/** Rows of one request: enough to be cheap, few enough that a retry is too. */
const MOST_ROWS = 250;
/** Room is left for what wraps the rows in a request. */
const MOST_BYTES = Math.floor(opsRunEvent.maxBytes * 0.9);
const NEWLINE = 0x0a;
/** File systems take 255; the header has the whole run id. */
const LONGEST_NAME = 200;

/**
 * A write-ahead log in a file, and the queue of what is not delivered. Rows are written synchronously before they count, and
 * read back when they are sent; only what the disk refuses is held in memory. `<file>.ack` keeps how far the server has
 * acknowledged, `<file>.refused` what it will never take.
 */
export class Spool {
  readonly path: string;
  readonly header: SpoolHeader;
  /** Rows that found room neither on disk nor in memory, and lines that were not rows. */
  lost = 0;
  /** What the disk said when it refused a row, or null. */
  diskTrouble: string | null = null;
  readonly #overflow = new Overflow();
  #fd: number;
  #ackFd: number;
  #size: number;
  #acked: number;
  #pending: number;

  private constructor(
    path: string,
    header: SpoolHeader,
    fd: number,
    acked: number,
    size: number,
    pending: number,
  ) {
    this.path = path;
    this.header = header;
    this.#fd = fd;
    this.#ackFd = fs.openSync(ackPath(path), fs.constants.O_RDWR | fs.constants.O_CREAT, 0o600);
    this.#acked = acked;
    this.#size = size;
    this.#pending = pending;
  }

  /** Begins the spool of this process. @throws when the folder cannot be written. */
  static create(dir: string, nonce: string, facts: { runId: string; baseUrl: string }): Spool {
    fs.mkdirSync(dir, { recursive: true });
    const file = path.join(dir, `${encodeURIComponent(facts.runId).slice(0, LONGEST_NAME)}.${nonce}.ndjson`);
    const header: SpoolHeader = { spool: 1, ...facts, pid: process.pid, host: os.hostname() };
    const fd = fs.openSync(file, 'ax+', 0o600);
    const start = fs.writeSync(fd, `${JSON.stringify(header)}\n`);
    return new Spool(file, header, fd, start, start, 0);
  }

  /** Opens what an earlier process left. An incomplete last line was never acknowledged to anyone and is dropped. */
  static open(file: string): Spool | null {
    const fd = fs.openSync(file, 'r+');
    const whole = fs.fstatSync(fd).size;
    const firstLine = readLine(fd, 0);
    const header = spoolHeaderSchema.safeParse(parseJson(firstLine?.text ?? ''));
    if (!header.success || firstLine === null) {
      fs.closeSync(fd);
      return null;
    }
    const acked = Math.max(firstLine.end, Math.min(readAck(file), whole));
    const { lines, end } = countLines(fd, acked);
    return new Spool(file, header.data, fd, acked, end, lines);
  }

  /** Whose rows a file holds, or null when it is not a spool. */
  static headerOf(file: string): SpoolHeader | null {
    const fd = fs.openSync(file, 'r');
    try {
      const header = spoolHeaderSchema.safeParse(parseJson(readLine(fd, 0)?.text ?? ''));
      return header.success ? header.data : null;
    } finally {
      fs.closeSync(fd);
    }
  }

  /** Rows not acknowledged yet. */
  get pending(): number {
    return this.#pending;
  }

  /** Writes a row ahead. When the disk refuses, the row and those after it wait in memory, as far as there is room. */
  append(row: SpoolRow): void {
    if (this.#overflow.size === 0 && this.#write(row)) this.#pending += 1;
    else if (this.#overflow.push(row)) this.#pending += 1;
    else this.lost += 1;
  }

  #write(row: SpoolRow): boolean {
    const line = Buffer.from(`${JSON.stringify(row)}\n`);
    try {
      let done = 0;
      while (done < line.length) done += fs.writeSync(this.#fd, line, done);
      this.#size += line.length;
      return true;
    } catch (error) {
      this.diskTrouble ??= String(error);
      attempt(() => fs.ftruncateSync(this.#fd, this.#size));
      return false;
    }
  }

  /** The next rows to send, at most `most`, or null when all are acknowledged. */
  read(most = MOST_ROWS): Batch | null {
    const room = Math.min(this.#size - this.#acked, MOST_BYTES);
    if (room <= 0) return this.#overflow.read(most, MOST_BYTES);
    const buffer = Buffer.allocUnsafe(room);
    const length = fs.readSync(this.#fd, buffer, 0, room, this.#acked);
    const rows: SpoolRow[] = [];
    let lines = 0;
    let start = 0;
    for (let end = buffer.indexOf(NEWLINE, 0); end !== -1 && end < length && lines < most; ) {
      const row = rowOf(buffer.toString('utf8', start, end));
      if (row === null) this.lost += 1;
      else if (rows.length > 0 && (row.op !== 'event' || rows[0]?.op !== 'event')) break;
      else rows.push(row);
      lines += 1;
      start = end + 1;
      end = buffer.indexOf(NEWLINE, start);
    }
    // a line longer than a request can be was not written by us: step over it
    if (lines === 0) {
      this.lost += 1;
      return { rows, lines: this.#pending - this.#overflow.size, end: this.#size };
    }
    return { rows, lines, end: this.#acked + start };
  }

  /** Records that the server has everything up to the batch's end. */
  acknowledge({ end, lines }: Batch): void {
    this.#pending -= lines;
    if (end === null) {
      this.#overflow.drop(lines);
      return;
    }
    this.#acked = end;
    // losing this only means that rows are sent again, which the server ignores
    attempt(() => fs.writeSync(this.#ackFd, String(end).padStart(16, '0'), 0));
  }

  /** Takes rows that the server will never take out of the way, and keeps them beside the spool. */
  setAside(batch: Batch): void {
    const lines = batch.rows.map(row => `${JSON.stringify(row)}\n`).join('');
    attempt(() => fs.appendFileSync(`${this.path}.refused`, lines, { mode: 0o600 }));
    this.acknowledge(batch);
  }

  /** Lets go of everything that was not acknowledged: nobody is to get it. */
  discard(): void {
    this.#overflow.drop(this.#overflow.size);
    this.acknowledge({ rows: [], lines: this.#pending, end: this.#size });
  }

  /** Shows other processes that this one is alive. */
  touch(): void {
    attempt(() => fs.futimesSync(this.#fd, new Date(), new Date()));
  }

  /** Closes, and removes the files when nothing is left to deliver. */
  close(): void {
    // there may be room again
    for (const row of this.#overflow.rows()) if (!this.#write(row)) this.lost += 1;
    attempt(() => fs.closeSync(this.#fd));
    attempt(() => fs.closeSync(this.#ackFd));
    if (this.#pending > 0) return;
    attempt(() => fs.unlinkSync(this.path));
    attempt(() => fs.unlinkSync(ackPath(this.path)));
  }
}

function ackPath(file: string): string {
  return file.replace(/\.ndjson$/, '.ack');
}

function readAck(file: string): number {
  try {
    const offset = Number(fs.readFileSync(ackPath(file), 'utf8'));
    return Number.isSafeInteger(offset) ? offset : 0;
  } catch {
    return 0;
  }
}

function readLine(fd: number, offset: number): { text: string; end: number } | null {
  const buffer = Buffer.alloc(65_536);
  const length = fs.readSync(fd, buffer, 0, buffer.length, offset);
  const end = buffer.subarray(0, length).indexOf(NEWLINE);
  return end === -1 ? null : { text: buffer.toString('utf8', 0, end), end: offset + end + 1 };
}

/** Whole lines from an offset, and where the last of them ends. */
function countLines(fd: number, offset: number): { lines: number; end: number } {
  const buffer = Buffer.allocUnsafe(1 << 20);
  let lines = 0;
  let end = offset;
  for (let at = offset; ; ) {
    const chunk = buffer.subarray(0, fs.readSync(fd, buffer, 0, buffer.length, at));
    if (chunk.length === 0) return { lines, end };
    for (let i = chunk.indexOf(NEWLINE); i !== -1; i = chunk.indexOf(NEWLINE, i + 1)) {
      lines += 1;
      end = at + i + 1;
    }
    at += chunk.length;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // the caller has a safe outcome for a failure here, named where it is called
  }
}
