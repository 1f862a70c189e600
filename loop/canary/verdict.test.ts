import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { logBinomial } from '../stats/binomial.ts';
import { type CanaryVerdict, canaryVerdict } from './verdict.ts';
import type { CanaryVerdictInput } from './verdictInput.ts';

type Arm = CanaryVerdictInput['control'];

const arm = (n: number, wrong: number, failures = 0): Arm => ({ n, failures, correct: n - wrong, wrong });

/** A sound canary of 110 against 110, with what the test changes. */
function night(changes: Partial<CanaryVerdictInput> = {}): CanaryVerdictInput {
  return {
    control: arm(110, 33),
    canary: arm(110, 18),
    percent: 50,
    units: { control: 20, canary: 20 },
    contaminatedUnits: 0,
    attestationMismatches: 0,
    startedAt: 1_000,
    now: 2_000,
    endsAt: 10_000,
    ...changes,
  };
}

test('should pass a better canary and say what is excluded', () => {
  const verdict = canaryVerdict(night());
  expect(verdict).toMatchObject({ verdict: 'pass', code: 'not_worse' });
  expect(verdict.reasons).toEqual([
    'Canary is not worse than control by the margins: wrong 18 of 110 (16.4 %) against 33 of 110 (30 %) (15 points more is excluded); ' +
      'failed 0 of 110 (0 %) against 0 of 110 (0 %) (8 points more is excluded).',
  ]);
});

test('should fail an artifact that always fails at its third sample, whatever control has', () => {
  for (const control of [arm(0, 0), arm(5, 1), arm(500, 100)]) {
    expect(canaryVerdict(night({ control, canary: arm(1, 1, 1) })).verdict).toBe('hold');
    expect(canaryVerdict(night({ control, canary: arm(3, 3, 3) }))).toMatchObject({
      verdict: 'fail',
      code: 'failure_limit',
    });
  }
});

test('should not fail a sound artifact for one random failure, whenever it comes', () => {
  const verdicts = new Set<string>();
  for (const others of [1, 100, 100_000])
    for (let n = 1; n <= 110; n++)
      verdicts.add(canaryVerdict(night({ control: arm(others, 0), canary: arm(n, 1, 1) })).verdict);
  expect([...verdicts].sort()).toEqual(['hold', 'pass']);
});

test('should fail a canary that fails, or errs, more often than control', () => {
  expect(canaryVerdict(night({ canary: arm(110, 18, 14) })).code).toBe('harm_failures');
  const wrong = canaryVerdict(night({ control: arm(110, 18), canary: arm(110, 50) }));
  expect(wrong).toMatchObject({ verdict: 'fail', code: 'harm_correctness' });
  expect(wrong.reasons[0]).toBe(
    'Canary is wrong more often than control: 50 of 110 (45.5 %) against 18 of 110 (16.4 %).',
  );
});

const doubts: [string, Partial<CanaryVerdictInput>, string][] = [
  ['no data', { control: arm(0, 0), canary: arm(0, 0), units: { control: 0, canary: 0 } }, 'no_data'],
  ['no canary data', { canary: arm(0, 0) }, 'no_data'],
  ['no users counted', { units: { control: 0, canary: 0 } }, 'no_data'],
  ['too few outcomes', { canary: { n: 110, failures: 0, correct: 39, wrong: 0 } }, 'too_few_outcomes'],
  ['a unit on both arms', { contaminatedUnits: 1 }, 'contaminated'],
  ['an arm that the browser did not see', { attestationMismatches: 1 }, 'attestation_mismatch'],
  ['another split than planned', { units: { control: 40, canary: 10 } }, 'sample_ratio_mismatch'],
  [
    'a canary that is much slower',
    { control: { ...arm(110, 33), latencyMsP95: 800 }, canary: { ...arm(110, 18), latencyMsP95: 1_900 } },
    'latency_worse',
  ],
  ['an undecided failure share', { canary: arm(110, 18, 3) }, 'failures_undecided'],
  ['an undecided correctness', { canary: arm(110, 33) }, 'correctness_undecided'],
];
for (const [what, change, code] of doubts) {
  test(`should hold on ${what}, before and after the time is up`, () => {
    expect(canaryVerdict(night(change))).toMatchObject({
      verdict: 'hold',
      code,
      evidence: { timedOut: false },
    });
    const late = canaryVerdict(night({ ...change, now: 20_000 }));
    expect(late).toMatchObject({ verdict: 'hold', code, evidence: { timedOut: true } });
    expect(late.reasons.at(-1)).toBe("The canary's time is up; it ends without shipping.");
  });
}

test('should fail a harmful canary although its measurement is in doubt', () => {
  const verdict = canaryVerdict(night({ canary: arm(5, 5, 5), contaminatedUnits: 2 }));
  expect(verdict.verdict).toBe('fail');
  expect(verdict.reasons.join(' ')).toContain('Users seen on both arms: 2.');
});

test('should not hold on a latency that grew by less than a second', () => {
  const control = { ...arm(110, 33), latencyMsP95: 4 };
  expect(canaryVerdict(night({ control, canary: { ...arm(110, 18), latencyMsP95: 400 } })).verdict).toBe(
    'pass',
  );
});

test('should refuse counts that cannot be', () => {
  expect(() => canaryVerdict(night({ canary: { n: 1, failures: 2, correct: 0, wrong: 0 } }))).toThrow(
    'failures of canary cannot exceed n',
  );
  expect(() => canaryVerdict(night({ canary: { n: 1, failures: 0, correct: 1, wrong: 1 } }))).toThrow(
    'cannot exceed n',
  );
  expect(() => canaryVerdict(night({ percent: 120 }))).toThrow();
});

test('should give evidence that survives JSON, so that it can be stored and replayed', () => {
  fc.assert(
    fc.property(anyArm(), anyArm(), (control, canary) => {
      const verdict = canaryVerdict(night({ control, canary }));
      expect(JSON.parse(JSON.stringify(verdict))).toEqual(verdict);
      expect(canaryVerdict(night({ control, canary }))).toEqual(verdict);
      expect(verdict.reasons.length).toBeGreaterThan(0);
    }),
  );
});

test('should never turn to pass because the canary failed once more, or erred instead of being right', () => {
  const rank = ({ verdict }: CanaryVerdict) => ['fail', 'hold', 'pass'].indexOf(verdict);
  fc.assert(
    fc.property(anyArm(), anyArm(), (control, canary) => {
      const before = canaryVerdict(night({ control, canary }));
      const oneMore = { ...canary, n: canary.n + 1, failures: canary.failures + 1 };
      const turned = { ...canary, wrong: canary.wrong + 1, correct: Math.max(0, canary.correct - 1) };
      const erring = { ...turned, n: Math.max(turned.n, turned.wrong + turned.correct) };
      return [oneMore, erring].every(
        worse => rank(before) === 2 || rank(canaryVerdict(night({ control, canary: worse }))) < 2,
      );
    }),
    { numRuns: 300 },
  );
});

test('should pass as often as the thresholds say, by summing over all counts of 110 per arm', () => {
  expect(chanceOfPass(0.3, 0.16)).toBeGreaterThan(0.95);
  expect(chanceOfPass(0.2, 0.12)).toBeGreaterThan(0.85);
  expect(chanceOfPass(0.2, 0.35)).toBeLessThan(0.001);
});

function chanceOfPass(controlWrong: number, canaryWrong: number): number {
  const n = 110;
  let chance = 0;
  for (let i = 0; i <= n; i++)
    for (let j = 0; j <= n; j++) {
      const weight = Math.exp(
        logBinomial({ successes: i, n, p: controlWrong }) + logBinomial({ successes: j, n, p: canaryWrong }),
      );
      if (weight < 1e-6) continue;
      if (canaryVerdict(night({ control: arm(n, i), canary: arm(n, j) })).verdict === 'pass')
        chance += weight;
    }
  return chance;
}

function anyArm(): fc.Arbitrary<Arm> {
  return fc
    .record({
      right: fc.nat(120),
      wrong: fc.nat(40),
      unjudged: fc.nat(20),
      failing: fc.double({ min: 0, max: 0.3, noNaN: true }),
    })
    .map(({ right, wrong, unjudged, failing }) => {
      const n = right + wrong + unjudged;
      return { n, failures: Math.floor(n * failing * failing), correct: right, wrong };
    });
}
