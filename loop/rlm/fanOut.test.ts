import { expect, test } from '@playwright/test';
import { fanOut } from './fanOut.ts';

test('no more than `parallel` run at a time, and results keep the order of the items', async () => {
  let running = 0;
  let most = 0;
  const results = await fanOut([5, 1, 4, 2, 3, 6], 3, async item => {
    most = Math.max(most, ++running);
    for (let turn = 0; turn < item; turn++) await Promise.resolve();
    running--;
    return item * 10;
  });
  expect(results).toEqual([50, 10, 40, 20, 30, 60]);
  expect(most).toBe(3);
});

test('after a failure nothing new begins, and what runs is waited for', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = fanOut([0, 1, 2, 3, 4], 2, async item => {
    begun.push(item);
    await Promise.resolve();
    if (item === 0) throw new Error('the first fails');
    await Promise.resolve();
    ended.push(item);
  });
  await expect(work).rejects.toThrow('the first fails');
  expect(begun).toEqual([0, 1]);
  expect(ended).toEqual([1]);
});
