import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { type Answered, soakVerdict } from './soakVerdict.ts';

const soak = (n: number, failures: number, control: Answered = { n: 150, failures: 0 }) =>
  soakVerdict({ served: { n, failures }, planned: 30, control });

test('should call an artifact healthy once the planned answers are in', () => {
  expect(soak(29, 0).verdict).toBe('watching');
  expect(soak(30, 0).verdict).toBe('healthy');
  expect(soak(30, 1).verdict).toBe('healthy');
});

test('should show harm of an artifact that always fails at its second answer, and of no single failure', () => {
  expect([1, 2, 3].map(n => soak(n, n).verdict)).toEqual(['watching', 'harm', 'harm']);
  expect(Array.from({ length: 200 }, (_, n) => soak(n + 1, 1).verdict)).not.toContain('harm');
});

test('should show harm below the limit when control never failed', () => {
  const worse = soak(100, 9);
  expect(worse.verdict).toBe('harm');
  expect(worse.reason).toContain('before it 0 of 150');
  expect(soak(100, 9, { n: 150, failures: 14 }).verdict).toBe('healthy');
});

test('should never call no answer healthy', () => {
  expect(
    soakVerdict({ served: { n: 0, failures: 0 }, planned: 0, control: { n: 0, failures: 0 } }),
  ).toMatchObject({
    verdict: 'watching',
    reason: expect.stringContaining('0 of 0 planned'),
  });
});

test('should never turn from harm because one more answer failed', () => {
  fc.assert(
    fc.property(fc.nat(60), fc.nat(60), (failures, good) => {
      const before = soak(failures + good, failures).verdict;
      return before !== 'harm' || soak(failures + good + 1, failures + 1).verdict === 'harm';
    }),
  );
});
