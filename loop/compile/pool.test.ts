import { expect, test } from '@playwright/test';
import { pool } from './pool.ts';

const turn = () => new Promise<void>(resolve => setImmediate(resolve));

test('no more run at once than the width allows, also when it changes on the way', async () => {
  let width = 4;
  let running = 0;
  const seen: number[] = [];
  const items = Array.from({ length: 40 }, (_, i) => i);
  await pool(
    items,
    () => width,
    async i => {
      running++;
      seen.push(running);
      if (i === 10) width = 2;
      await turn();
      running--;
    },
  );
  expect(seen).toHaveLength(40);
  expect(Math.max(...seen.slice(0, 10))).toBe(4);
  expect(Math.max(...seen.slice(20))).toBe(2);
});

test('the first error lets no more begin, and is thrown when those under way have ended', async () => {
  let started = 0;
  let ended = 0;
  const run = pool(
    Array.from({ length: 20 }, (_, i) => i),
    () => 2,
    async i => {
      started++;
      if (i === 3) throw new Error('no more');
      await turn();
      ended++;
      if (i === 2) throw new Error('later');
    },
  );
  await expect(run).rejects.toThrow('no more');
  expect(started).toBe(4);
  expect(ended).toBe(3);
});

test('without items it is over at once', async () => {
  await pool(
    [],
    () => 3,
    async () => undefined,
  );
});
