import { expect, test } from '@playwright/test';
import { AnswerLedger } from './answerLedger.ts';
import { type AnswerBatch, answersIn, batchesOf, type KeptAnswer } from './keptAnswers.ts';

const spent = { calls: 1, tokens: 10, costUsd: 0 };
const answer = (row: number, output: string): KeptAnswer => ({
  contentHash: `sha256:${row}`,
  exampleId: `row ${row}`,
  score: 1,
  errorCode: null,
  output,
  receiptId: null,
  notes: null,
  spent,
});

/** A store whose writes take a while; `atOnce` is how many were ever under way together. */
function slowStore() {
  const stored: AnswerBatch[] = [];
  const writes: number[] = [];
  let running = 0;
  const store = {
    stored,
    writes,
    atOnce: 0,
    read: async (keys: readonly string[]) =>
      keys.map(key => stored.filter(batch => batch.candidateKey === key).map(batch => batch.answersJson)),
    write: async (batches: readonly AnswerBatch[]) => {
      store.atOnce = Math.max(store.atOnce, ++running);
      await new Promise(resolve => setTimeout(resolve, 5));
      stored.push(...batches);
      writes.push(batches.length);
      running--;
    },
  };
  return store;
}

test('answers that come together are one write and a batch a candidate, and a new step finds them all', async () => {
  const store = slowStore();
  const ledger = new AnswerLedger(store);
  await ledger.known(['a', 'b']);
  for (let row = 0; row < 30; row++) ledger.keep(row % 2 === 0 ? 'a' : 'b', answer(row, 'x'));
  void ledger.writeNow();
  ledger.keep('a', answer(30, 'y'));
  await ledger.flush();
  expect(store.writes).toEqual([2, 1]);
  expect(store.atOnce, 'one transaction at a time').toBe(1);
  const [a, b] = await new AnswerLedger(store).known(['a', 'b']);
  expect([a?.size, b?.size]).toEqual([16, 15]);
  expect(a?.get('sha256:30')).toEqual(answer(30, 'y'));
});

test('what was kept is known at once, before it is durable', async () => {
  const store = slowStore();
  const ledger = new AnswerLedger(store);
  const [known] = await ledger.known(['a']);
  ledger.keep('a', answer(1, 'x'));
  expect(known?.get('sha256:1')).toEqual(answer(1, 'x'));
  expect(store.stored).toEqual([]);
  await ledger.flush();
});

test('a write that fails ends the step at its next look, and what it held is not told as durable', async () => {
  const failing = { read: async () => [[]], write: () => Promise.reject(new Error('disk full')) };
  const ledger = new AnswerLedger(failing);
  ledger.keep('a', answer(1, 'x'));
  await expect(ledger.flush()).rejects.toThrow('disk full');
  expect(() => ledger.throwFailure()).toThrow('disk full');
});

test('a batch stays below the size of a document, whatever the answers are', () => {
  const gathered = Array.from({ length: 60 }, (_, row) => ({
    candidateKey: 'a',
    answer: answer(row, '語'.repeat(20_000)),
  }));
  const batches = batchesOf(gathered);
  for (const { answersJson } of batches) expect(Buffer.byteLength(answersJson)).toBeLessThan(1_048_576);
  expect(answersIn(batches.map(batch => batch.answersJson)).size).toBe(60);
  expect(batches.length, 'and no more of them than that takes').toBe(5);
});

test('of two answers to one row, by a step and by one that took over from it, the first counts', () => {
  const batches = batchesOf([{ candidateKey: 'a', answer: answer(1, 'first') }]);
  const later = batchesOf([{ candidateKey: 'a', answer: answer(1, 'second') }]);
  const known = answersIn([...batches, ...later].map(batch => batch.answersJson));
  expect(known.get('sha256:1')?.output).toBe('first');
});
