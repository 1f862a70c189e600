import { expect, test } from '@playwright/test';
import { gateSelfTest } from './gateSelfTest.ts';

test('a sound gate is fooled no more often than its level, on small and on large holdouts', () => {
  for (const [n, changed] of [
    [40, 12],
    [200, 60],
    [520, 150],
  ] as const) {
    const { runs, falseAlarms, pValue } = gateSelfTest({ n, changed, alpha: 0.0304, seed: `night of ${n}` });
    expect(runs).toBe(400);
    expect(falseAlarms / runs).toBeLessThan(0.07);
    expect(pValue, `${falseAlarms} of ${runs}`).toBeGreaterThan(0.0001);
  }
});

test('it does measure something: a gate at half is fooled by almost every second coin', () => {
  const { falseAlarms, runs } = gateSelfTest({ n: 101, changed: 101, alpha: 0.5, seed: 'half' });
  expect(falseAlarms / runs).toBeGreaterThan(0.4);
});

test('the same night gives the same answer, and a night on which nothing changed cannot be fooled', () => {
  const night = { n: 100, changed: 30, alpha: 0.05, seed: 'same' };
  expect(gateSelfTest(night)).toEqual(gateSelfTest(night));
  expect(gateSelfTest({ ...night, changed: 0 })).toMatchObject({ falseAlarms: 0, pValue: 1 });
});
