import { expect, test } from '@playwright/test';
import { alphaForOpening, alphaSpent } from './alphaLedger.ts';

test('should never spend more than the budget, however many openings', () => {
  expect(alphaSpent({ budget: 0.05, openings: 100_000 })).toBeLessThan(0.05);
  expect(alphaSpent({ budget: 0.05, openings: 100_000 })).toBeGreaterThan(0.0499);
  expect(alphaSpent({ budget: 0.05, openings: 0 })).toBe(0);
});

test('should give the first opening most, and each later one less', () => {
  expect(alphaForOpening({ budget: 0.05, opening: 1 })).toBeCloseTo(0.0304, 4);
  expect(alphaForOpening({ budget: 0.05, opening: 2 })).toBeCloseTo(0.0076, 4);
});

test('should refuse a budget or an opening that cannot be', () => {
  expect(() => alphaForOpening({ budget: 0, opening: 1 })).toThrow('The budget must be above 0');
  expect(() => alphaForOpening({ budget: 0.6, opening: 1 })).toThrow('at most 0.5, got 0.6');
  expect(() => alphaForOpening({ budget: 0.05, opening: 0 })).toThrow('Openings are counted 1, 2, 3');
});
