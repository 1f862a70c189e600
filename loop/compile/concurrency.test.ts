import { expect, test } from '@playwright/test';
import { adaptiveConcurrency } from './concurrency.ts';

const limits = { start: 8, least: 1, most: 12 };

function answers(concurrency: ReturnType<typeof adaptiveConcurrency>, count: number, ms = 50): void {
  for (let i = 0; i < count; i++) concurrency.answered(ms);
}

test('it grows by one a window while answers come as fast as ever, up to its limit', () => {
  const concurrency = adaptiveConcurrency(limits);
  answers(concurrency, 8);
  expect(concurrency.width).toBe(9);
  answers(concurrency, 100);
  expect(concurrency.width).toBe(12);
});

test('a refusal halves it, once for all calls that were under way', () => {
  const concurrency = adaptiveConcurrency(limits);
  for (let i = 0; i < 8; i++) concurrency.refused();
  expect(concurrency.width).toBe(4);
  concurrency.refused();
  expect(concurrency.width).toBe(2);
});

test('it shrinks while answers take twice their usual time, and never below its least', () => {
  const concurrency = adaptiveConcurrency(limits);
  answers(concurrency, 8, 50);
  answers(concurrency, 9, 150);
  expect(concurrency.width).toBe(8);
  answers(concurrency, 200, 150);
  expect(concurrency.width).toBe(1);
});
