import fs from 'node:fs';
import { expect, test } from '@playwright/test';
import { opsRunEvent } from '../loop/contract/endpoint.ts';
import type { Json } from '../loop/contract/json.ts';
import { Spool } from './spool.ts';
import type { SpoolRow } from './spoolRow.ts';

const facts = { runId: 'run:1', baseUrl: 'http://127.0.0.1:1' };

function event(seq: number, data: Json = {}): SpoolRow {
  const note = { eventId: `e${seq}`, source: 's', seq, at: 1, message: 'm', kind: 'note' as const, data };
  return { op: 'event', event: note };
}

/** Sequence numbers of everything left, acknowledging as it reads. */
function drain(spool: Spool): number[][] {
  const batches: number[][] = [];
  for (let batch = spool.read(); batch !== null; batch = spool.read()) {
    batches.push(batch.rows.map(row => (row.op === 'event' ? row.event.seq : -1)));
    spool.acknowledge(batch);
  }
  return batches;
}

test('should give rows back in order, in batches that fit a request, never mixing kinds', () => {
  const spool = Spool.create(test.info().outputPath(), 'n1', facts);
  spool.append({ op: 'start', request: { runId: 'run:1', facts: {} } });
  for (let i = 0; i < 300; i++) spool.append(event(i));
  for (let i = 300; i < 303; i++) spool.append(event(i, 'ü'.repeat(200_000)));
  expect(spool.pending).toBe(304);
  const [start, first, second, third, ...rest] = drain(spool);
  expect([start, first?.length, second?.length, third, rest]).toEqual([[-1], 250, 52, [302], []]);
  expect(400_000 * 3).toBeGreaterThan(opsRunEvent.maxBytes);
  spool.close();
  expect(fs.readdirSync(test.info().outputPath())).toEqual([]);
});

test('should continue behind what was acknowledged and drop a half-written last row', () => {
  const dir = test.info().outputPath();
  const dead = Spool.create(dir, 'n2', facts);
  for (let i = 0; i < 270; i++) dead.append(event(i));
  const batch = dead.read();
  if (batch !== null) dead.acknowledge(batch);
  dead.close();
  fs.appendFileSync(dead.path, '{"op":"event","event":{"eve');

  const again = Spool.open(dead.path);
  expect(again?.header).toMatchObject({ ...facts, pid: process.pid });
  expect(again?.pending).toBe(20);
  expect(again && drain(again).flat()).toEqual(Array.from({ length: 20 }, (_, i) => 250 + i));
  again?.close();
  expect(fs.readdirSync(dir)).toEqual([]);
});

test('should send all again when the acknowledgement is damaged, and count lines that are no rows', () => {
  const dir = test.info().outputPath();
  const dead = Spool.create(dir, 'n3', facts);
  dead.append(event(0));
  dead.close();
  fs.appendFileSync(dead.path, 'not a row\n');
  for (const name of fs.readdirSync(dir))
    if (name.endsWith('.ack')) fs.writeFileSync(`${dir}/${name}`, 'nonsense');
  const again = Spool.open(dead.path);
  expect([again?.pending, again && drain(again), again?.lost, again?.pending]).toEqual([2, [[0]], 1, 0]);
  again?.close();
  fs.writeFileSync(dead.path, 'a file of someone else\n');
  expect(Spool.open(dead.path)).toBeNull();
});
