import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { ApiClient } from '../loop/contract/client.ts';
import { Delivery, type DrainLimits, type Trouble } from './delivery.ts';
import { Spool } from './spool.ts';
import type { SpoolHeader, SpoolRow } from './spoolRow.ts';

/** A spool untouched for so long belongs to a dead process, even if another one has its process id now. */
const DEAD_AFTER_MS = 60_000;

/** What became of the rows that earlier processes left. */
export interface LeftoverCounts {
  readonly files: number;
  readonly delivered: number;
  readonly remaining: number;
  /** Rows left for other sites, which were not tried. */
  readonly elsewhere: number;
  readonly troubles: readonly string[];
}

/** Which leftovers to deliver, and how. */
export interface LeftoverOptions {
  readonly dir: string;
  /** A client for the site the rows were meant for, or null to leave them. */
  readonly clientFor: (header: SpoolHeader) => ApiClient | null;
  /** The run that is alive now; an earlier process must not finish it. */
  readonly liveRunId?: string;
  readonly limits: DrainLimits;
}

/** Delivers the spools of dead processes, oldest first, and removes those that were delivered whole. Never throws. */
export async function deliverLeftovers(options: LeftoverOptions): Promise<LeftoverCounts> {
  let files = 0;
  let delivered = 0;
  let remaining = 0;
  let elsewhere = 0;
  const troubles = new Set<string>();
  const deadSites = new Set<string>();
  for (const file of spoolFiles(options.dir)) {
    try {
      if (isInUse(file)) continue;
      const spool = Spool.open(file);
      if (spool === null) {
        troubles.add(`${file} is not a spool of this reporter and was left alone`);
        continue;
      }
      const client = options.clientFor(spool.header);
      files += 1;
      if (client === null) elsewhere += spool.pending;
      else if (deadSites.has(client.baseUrl)) remaining += spool.pending;
      else {
        const before = spool.pending;
        const trouble = await deliverOne(spool, client, options);
        if (trouble?.sitewide) deadSites.add(client.baseUrl);
        if (trouble?.runIsClosed)
          troubles.add(`${before} rows of a start after the end of its run were let go: ${trouble.message}`);
        else {
          delivered += before - spool.pending;
          if (trouble !== null)
            troubles.add(trouble.sitewide ? trouble.message : `${file}: ${trouble.message}`);
        }
        if (spool.lost > 0) troubles.add(`${spool.lost} unreadable rows of ${file} were dropped`);
        remaining += spool.pending;
      }
      spool.close();
    } catch (error) {
      // another process may have delivered and removed the file meanwhile
      if (!fs.existsSync(file)) continue;
      troubles.add(`${file}: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
  return { files, delivered, remaining, elsewhere, troubles: [...troubles] };
}

async function deliverOne(
  spool: Spool,
  client: ApiClient,
  options: LeftoverOptions,
): Promise<Trouble | null> {
  const delivery = new Delivery({ client, spool, adapt: row => afterDeath(row, options.liveRunId) });
  await delivery.drain(options.limits);
  const { trouble } = delivery;
  // What passed before the last row was taken is no trouble any more.
  return spool.pending > 0 || trouble?.runIsClosed ? trouble : null;
}

/** A dead process takes no lease, and does not finish a run that another process continues. */
function afterDeath(row: SpoolRow, liveRunId: string | undefined): SpoolRow | null {
  if (row.op === 'start') {
    const { signatureId: _lease, ...request } = row.request;
    return { op: 'start', request: { ...request, late: true } };
  }
  return row.op === 'finish' && row.request.runId === liveRunId ? null : row;
}

function spoolFiles(dir: string): string[] {
  try {
    return fs
      .readdirSync(dir)
      .filter(name => name.endsWith('.ndjson'))
      .map(name => path.join(dir, name))
      .sort((a, b) => fs.statSync(a).birthtimeMs - fs.statSync(b).birthtimeMs);
  } catch {
    return [];
  }
}

/** Whether a living reporter writes this file: its process is alive here and touched it lately. */
function isInUse(file: string): boolean {
  if (openHere.has(path.resolve(file))) return true;
  if (Date.now() - fs.statSync(file).mtimeMs > DEAD_AFTER_MS) return false;
  const header = Spool.headerOf(file);
  if (header === null) return false;
  if (header.host !== os.hostname()) return true;
  return header.pid !== process.pid && isAlive(header.pid);
}

/** Spools of this very process. */
const openHere = new Set<string>();

/** Keeps a spool of this process from being taken for a leftover. */
export function claim(spool: Spool): void {
  openHere.add(path.resolve(spool.path));
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}
