import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { ALPHA_BUDGET } from './compile/jobSpec.ts';
import { type GatePair, pairedGate } from './gate.ts';
import { alphaForOpening } from './stats/alphaLedger.ts';
import { binomialUpperTail } from './stats/binomial.ts';
import { mcnemarPower } from './stats/mcnemar.ts';
import { type Random, seededRandom } from './stats/random.ts';

/** A world to draw holdouts from: how many rows, which share changes its outcome, and by how much fixed rows outnumber broken ones. */
interface World {
  readonly n: number;
  readonly discordance: number;
  /** True gain, 0 to 1; 0 is a null candidate. */
  readonly gain: number;
}

function drawPairs({ n, discordance, gain }: World, random: Random): GatePair[] {
  return Array.from({ length: n }, (_, i) => {
    const exampleId = `ex-${i}`;
    const at = random();
    const fixed = (discordance + gain) / 2;
    if (at < fixed) return { exampleId, before: 0, after: 1 };
    if (at < discordance) return { exampleId, before: 1, after: 0 };
    const same = random() < 0.6 ? 1 : 0;
    return { exampleId, before: same, after: same };
  });
}

/** Graded scores of a judge: both sides noisy around the row's own quality, and the candidate better by `gain` on average. */
function drawGradedPairs(n: number, gain: number, random: Random): GatePair[] {
  const noisy = (around: number) => Math.min(1, Math.max(0, around + (random() - 0.5) * 0.3));
  return Array.from({ length: n }, (_, i) => {
    const quality = 0.3 + random() * 0.4;
    return { exampleId: `ex-${i}`, before: noisy(quality), after: noisy(quality + gain) };
  });
}

function passes(pairs: GatePair[], alpha: number, kind: 'exact' | 'graded', seed = 'sim'): boolean {
  return pairedGate({ pairs, expectedIds: pairs.map(pair => pair.exampleId), alpha, kind, seed }).passed;
}

function passesIn(world: World, alpha: number, nights: number, seed: string): number {
  const random = seededRandom(seed);
  let passed = 0;
  for (let night = 0; night < nights; night++) if (passes(drawPairs(world, random), alpha, 'exact')) passed++;
  return passed;
}

/** Whether so many false promotions contradict the level: they would come about by chance in less than 1 of 10 000 such tests. */
function contradicts(passed: number, nights: number, alpha: number): boolean {
  return binomialUpperTail({ successes: passed, n: nights, p: alpha }) < 1e-4;
}

const percent = (share: number) => `${(share * 100).toFixed(2)} %`;
const NIGHTS = 2_000;

test('null candidates pass the gate no more often than its level says, and power grows beside it', () => {
  const table: string[] = [];
  for (const n of [40, 200, 520])
    for (const discordance of [0.05, 0.2, 0.4])
      for (const alpha of [0.05, alphaForOpening({ budget: ALPHA_BUDGET, opening: 1 })]) {
        const name = `n ${n}, ${percent(discordance)} change, level ${percent(alpha)}`;
        const nulls = passesIn({ n, discordance, gain: 0 }, alpha, NIGHTS, `null ${name}`);
        expect(contradicts(nulls, NIGHTS, alpha), `${nulls} of ${NIGHTS} false promotions: ${name}`).toBe(
          false,
        );
        const gains = [0.02, 0.05, 0.1].filter(gain => gain <= discordance);
        const power = gains.map(
          gain => `+${gain * 100}: ${percent(mcnemarPower({ n, alpha, gain, discordance }))}`,
        );
        table.push(`${name}: false promotions ${percent(nulls / NIGHTS)}; power ${power.join(', ')}`);
      }
  console.log(
    `The gate on ${NIGHTS} null candidates each, and its power at gains in points:\n  ${table.join('\n  ')}`,
  );
});

test('the bound of this simulation catches a gate that is wrong one time in twelve instead of one in twenty', () => {
  expect(contradicts(Math.round(NIGHTS / 12), NIGHTS, 0.05)).toBe(true);
  expect(contradicts(NIGHTS / 20, NIGHTS, 0.05)).toBe(false);
});

test('the power that nights are told is the power they have', () => {
  const world = { n: 200, discordance: 0.2, gain: 0.1 };
  const told = mcnemarPower({ ...world, alpha: 0.03 });
  const seen = passesIn(world, 0.03, NIGHTS, 'power') / NIGHTS;
  // Four standard errors of a share over this many nights.
  expect(Math.abs(seen - told)).toBeLessThan(4 * Math.sqrt((told * (1 - told)) / NIGHTS));
});

test('power never falls with more rows, a larger gain or a more generous level', () => {
  const question = fc.record({
    n: fc.integer({ min: 20, max: 400 }),
    alpha: fc.double({ min: 0.001, max: 0.2, noNaN: true }),
    gain: fc.double({ min: 0.01, max: 0.3, noNaN: true }),
  });
  fc.assert(
    fc.property(question, ({ n, alpha, gain }) => {
      const power = mcnemarPower({ n, alpha, gain });
      expect(power).toBeGreaterThanOrEqual(0);
      expect(power).toBeLessThanOrEqual(1 + 1e-9);
      expect(mcnemarPower({ n, alpha: alpha * 1.5, gain })).toBeGreaterThanOrEqual(power - 1e-9);
      expect(mcnemarPower({ n, alpha, gain: gain * 1.2 })).toBeGreaterThanOrEqual(power - 1e-9);
      // An exact test wastes a little more of its level at some n than at the n before: rows must grow by more than that.
      expect(mcnemarPower({ n: n * 2, alpha, gain })).toBeGreaterThanOrEqual(power - 0.02);
    }),
    { numRuns: 60 },
  );
});

test('graded null candidates pass the bootstrap gate no more often than its level says, and better ones pass it', () => {
  const random = seededRandom('graded null');
  const nights = 80;
  const count = (gain: number) =>
    Array.from({ length: nights }, (_, i) =>
      passes(drawGradedPairs(40, gain, random), 0.05, 'graded', `night ${i}`),
    ).filter(Boolean).length;
  const nulls = count(0);
  expect(contradicts(nulls, nights, 0.05), `${nulls} of ${nights} false promotions`).toBe(false);
  expect(count(0.05) / nights).toBeGreaterThan(0.8);
});

test('a year of null nights on one holdout promotes something in at most one year of twenty', () => {
  const YEARS = 200;
  const levels = Array.from({ length: 365 }, (_, i) =>
    alphaForOpening({ budget: ALPHA_BUDGET, opening: i + 1 }),
  );
  const random = seededRandom('years');
  let wrongYears = 0;
  for (let year = 0; year < YEARS; year++)
    if (levels.some(alpha => passes(drawPairs({ n: 60, discordance: 0.3, gain: 0 }, random), alpha, 'exact')))
      wrongYears++;
  expect(contradicts(wrongYears, YEARS, ALPHA_BUDGET), `${wrongYears} of ${YEARS} years promoted`).toBe(
    false,
  );
});
