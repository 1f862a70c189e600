import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { seededRandom } from '../stats/random.ts';
import {
  type ArmTallies,
  logEAboveLimit,
  logEAgainstShare,
  logEHarm,
  logENotWorse,
  type Tally,
} from './eprocess.ts';
import { FAILURE_PRIOR, WRONG_PRIOR } from './thresholds.ts';

const prior = WRONG_PRIOR;
const tally = fc.record({ bad: fc.nat(60), good: fc.nat(60) });

test('should agree with numeric integration over the prior', () => {
  for (const { bad, good } of [
    { bad: 0, good: 12 },
    { bad: 7, good: 5 },
    { bad: 30, good: 80 },
  ]) {
    const share = 0.3;
    const weight = (x: number) => x ** (prior.a - 1) * (1 - x) ** (prior.b - 1);
    const mixed = integral(x => weight(x) * (x / share) ** bad * ((1 - x) / (1 - share)) ** good);
    expect(logEAgainstShare({ tally: { bad, good }, share, prior })).toBeCloseTo(
      Math.log(mixed / integral(weight)),
      6,
    );
  }
});

test('should have mean 1 under its null at every sample size', () => {
  for (const share of [0.02, 0.3])
    for (let n = 0; n <= 12; n++) {
      let mean = 0;
      for (let pattern = 0; pattern < 2 ** n; pattern++) {
        const bad = pattern.toString(2).replaceAll('0', '').length;
        const chance = share ** bad * (1 - share) ** (n - bad);
        mean +=
          chance * Math.exp(logEAgainstShare({ tally: { bad, good: n - bad }, share, prior: FAILURE_PRIOR }));
      }
      expect(mean).toBeCloseTo(1, 9);
    }
});

test('should be the smallest product over the null, as a grid search finds it', () => {
  fc.assert(
    fc.property(tally, tally, fc.double({ min: 0.02, max: 0.3, noNaN: true }), (control, canary, margin) => {
      const product = (p: number, q: number) =>
        logEAgainstShare({ tally: control, share: p, prior }) +
        logEAgainstShare({ tally: canary, share: q, prior });
      let overAnyOrder = Number.POSITIVE_INFINITY; // canary at most control
      let overTheMargin = Number.POSITIVE_INFINITY; // canary above control by the margin
      for (let i = 0; i <= 20; i++)
        for (let j = 0; j <= i; j++) {
          const [low, high] = [j / 20, i / 20];
          overAnyOrder = Math.min(overAnyOrder, product(high, low));
          const shares = [low * (1 - margin), margin + high * (1 - margin)] as const;
          overTheMargin = Math.min(overTheMargin, product(...shares));
        }
      return (
        logEHarm({ control, canary, prior }) <= overAnyOrder + 1e-9 &&
        logENotWorse({ control, canary, prior, margin }) <= overTheMargin + 1e-9
      );
    }),
  );
});

test('should reach the smallest product, not stay below it', () => {
  const arms = { control: { bad: 10, good: 30 }, canary: { bad: 25, good: 15 } };
  const pooled = 35 / 80;
  expect(logEHarm({ ...arms, prior })).toBeCloseTo(
    logEAgainstShare({ tally: arms.control, share: pooled, prior }) +
      logEAgainstShare({ tally: arms.canary, share: pooled, prior }),
    10,
  );
  const swapped = { control: arms.canary, canary: arms.control };
  const alongBoundary = Array.from({ length: 9_001 }, (_, i) => i / 10_000).map(
    p =>
      logEAgainstShare({ tally: swapped.control, share: p, prior }) +
      logEAgainstShare({ tally: swapped.canary, share: p + 0.1, prior }),
  );
  expect(logENotWorse({ ...swapped, prior, margin: 0.1 })).toBeCloseTo(Math.min(...alongBoundary), 5);
});

test('should show nothing without data in either arm', () => {
  const none: Tally = { bad: 0, good: 0 };
  const some: Tally = { bad: 40, good: 10 };
  expect(logEHarm({ control: none, canary: none, prior })).toBeCloseTo(0, 12);
  expect(logENotWorse({ control: none, canary: none, prior, margin: 0.1 })).toBeCloseTo(0, 12);
  expect(logEHarm({ control: none, canary: some, prior })).toBeLessThan(0);
  expect(logENotWorse({ control: some, canary: none, prior, margin: 0.1 })).toBeLessThan(0);
});

test('should show a broken limit at the third failure in a row, and never at one', () => {
  const limit = (bad: number, good: number) =>
    logEAboveLimit({ tally: { bad, good }, limit: 0.1, prior: { a: 1, b: 1 } }) >= Math.log(100);
  expect([limit(1, 0), limit(2, 0), limit(3, 0)]).toEqual([false, false, true]);
  expect(Array.from({ length: 100 }, (_, good) => limit(1, good))).not.toContain(true);
});

test('should raise false alarms between equal arms no more often than alpha, looking after every sample', () => {
  const alpha = 0.05;
  for (const share of [0.02, 0.2, 0.5])
    expect(
      chanceOfEver(
        { perArm: 70, control: share, canary: share },
        arms => logEHarm({ ...arms, prior }) >= Math.log(1 / alpha),
      ),
    ).toBeLessThan(alpha);
});

test('should call a canary that is worse by the margin "not worse" no more often than alpha', () => {
  const alpha = 0.05;
  for (const share of [0.05, 0.2])
    expect(
      chanceOfEver(
        { perArm: 70, control: share, canary: share + 0.15 },
        arms => logENotWorse({ ...arms, prior, margin: 0.15 }) >= Math.log(1 / alpha),
      ),
    ).toBeLessThan(alpha);
});

test('should keep alpha also where traffic is split 90 to 10 and arrives at random', () => {
  const random = seededRandom('a/a');
  const [runs, samples, alpha] = [400, 300, 0.05];
  let alarms = 0;
  for (let run = 0; run < runs; run++) {
    const control = { bad: 0, good: 0 };
    const canary = { bad: 0, good: 0 };
    let alarmed = false;
    for (let i = 0; i < samples && !alarmed; i++) {
      const arm = random() < 0.1 ? canary : control;
      if (random() < 0.2) arm.bad++;
      else arm.good++;
      alarmed = logEHarm({ control, canary, prior }) >= Math.log(1 / alpha);
    }
    if (alarmed) alarms++;
  }
  expect(alarms / runs).toBeLessThanOrEqual(alpha);
});

/** The chance, exact, that `isShown` is true after any sample; samples alternate and all paths are followed at once. */
function chanceOfEver(
  { perArm, control, canary }: { perArm: number; control: number; canary: number },
  isShown: (arms: ArmTallies) => boolean,
): number {
  const width = perArm + 1;
  let open = new Float64Array(width * width).fill(1, 0, 1); // chance by bad counts, control * width + canary
  let ever = 0;
  for (let sample = 1; sample <= 2 * perArm; sample++) {
    const [step, share] = sample % 2 === 1 ? [width, control] : [1, canary];
    const [controls, canaries] = [Math.ceil(sample / 2), Math.floor(sample / 2)];
    const next = new Float64Array(open.length);
    for (let i = 0; i <= controls; i++)
      for (let j = 0; j <= canaries; j++) {
        const at = i * width + j;
        const chance = (open[at] ?? 0) * (1 - share) + (at >= step ? (open[at - step] ?? 0) * share : 0);
        if (chance < 1e-12) continue;
        if (isShown({ control: { bad: i, good: controls - i }, canary: { bad: j, good: canaries - j } }))
          ever += chance;
        else next[at] = chance;
      }
    open = next;
  }
  return ever;
}

/** Simpson's rule from 0 to 1. */
function integral(f: (x: number) => number): number {
  const steps = 20_000;
  let sum = f(0) + f(1);
  for (let i = 1; i < steps; i++) sum += f(i / steps) * (i % 2 === 1 ? 4 : 2);
  return sum / (3 * steps);
}
