import { expect, test } from '@playwright/test';
import { chanceOfExcluding, powerWords, smallestLossExcluded } from './plannedPower.ts';
import { USUAL_RAMP } from './ramp.ts';

const usual = { n: { control: 156, canary: 156 }, wrong: { control: 0.3, canary: 0.16 } };

test('should pass a gain like the first night’s in 99 of 100 canaries of the usual ramp', () => {
  expect(chanceOfExcluding(usual, 0.15)).toBeGreaterThan(0.985);
});

test('should exclude a loss that is there no more often than the level says', () => {
  for (const control of [0.05, 0.2, 0.4])
    expect(chanceOfExcluding({ ...usual, wrong: { control, canary: control + 0.15 } }, 0.15)).toBeLessThan(
      0.05,
    );
});

test('should find smaller losses with more traffic, also with far more', () => {
  const losses = [20, 80, 156, 1_000, 50_000].map(n =>
    smallestLossExcluded({ n: { control: n, canary: n }, wrong: { control: 0.2, canary: 0.2 } }),
  );
  expect(losses).toEqual(losses.toSorted((a, b) => (b ?? 1) - (a ?? 1)));
  expect(losses[0]).toBeGreaterThan(0.3);
  expect(losses.at(-1)).toBeLessThan(0.03);
});

test('should say in words what the planned traffic can tell', () => {
  expect(powerWords(USUAL_RAMP, { before: 0.7, after: 0.84 })).toMatch(
    /^The planned 156 control and 156 canary messages are to exclude a loss of 15 points\. A canary as right as on the holdout \(84 % against 70 %\) passes in 99 of 100 cases, one no better than control in \d+ of 100 cases, and one that is worse by the margin in at most 5 % of cases\. The smallest loss that such a canary would exclude with 80 % chance is \d+ points\.$/,
  );
  const tiny = [{ percent: 50, users: 2, messagesPerUser: 1 }];
  expect(powerWords(tiny, { before: 0, after: 1 })).toContain('too small');
});
