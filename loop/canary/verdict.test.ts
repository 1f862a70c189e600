import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { logBinomial } from '../stats/binomial.ts';
import { withLatency } from './latency.ts';
import { USUAL_RAMP } from './ramp.ts';
import { type CanaryVerdict, canaryVerdict } from './verdict.ts';
import type { Arms, CanaryArmFacts, CanaryVerdictInput } from './verdictInput.ts';

const arm = (n: number, wrong: number, failures = 0): CanaryArmFacts => ({
  n,
  failures,
  correct: n - wrong,
  wrong,
});
const none = { control: arm(0, 0), canary: arm(0, 0) };

/** A sound canary of 110 against 110 in its last step, with what the test changes. */
function night(
  changes: Partial<CanaryVerdictInput & { control: CanaryArmFacts; canary: CanaryArmFacts }> = {},
): CanaryVerdictInput {
  const { control = arm(110, 33), canary = arm(110, 18), ...others } = changes;
  return {
    counts: { control, canary },
    ramp: [{ percent: 50, users: 1, messagesPerUser: 2 }],
    step: 0,
    stepCounts: { control, canary },
    units: { control: 20, canary: 20 },
    latency: { control: [], canary: [] },
    contaminatedUnits: 0,
    attestationMismatches: 0,
    exercise: none,
    startedAt: 1_000,
    now: 2_000,
    endsAt: 10_000,
    ...others,
  };
}

/** The first step of the usual ramp, with these counts of it. */
const firstStep = (counts: Arms<CanaryArmFacts>, changes: Partial<CanaryVerdictInput> = {}) =>
  night({ ...counts, ramp: USUAL_RAMP, units: { control: 9, canary: 1 }, ...changes });

const slow = (ms: number) => Array.from({ length: 40 }, () => ms).reduce<number[]>(withLatency, []);

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

const doubts: [string, Parameters<typeof night>[0], string][] = [
  ['no data', { ...none, units: { control: 0, canary: 0 } }, 'no_data'],
  ['no canary data', { canary: arm(0, 0) }, 'no_data'],
  [
    'half of the planned traffic',
    { ramp: [{ percent: 50, users: 24, messagesPerUser: 13 }] },
    'traffic_incomplete',
  ],
  ['no users counted', { units: { control: 0, canary: 0 } }, 'no_data'],
  ['too few outcomes', { canary: { n: 110, failures: 0, correct: 39, wrong: 0 } }, 'too_few_outcomes'],
  ['a unit on both arms', { contaminatedUnits: 1 }, 'contaminated'],
  ['an arm that the browser did not see', { attestationMismatches: 1 }, 'attestation_mismatch'],
  ['another split than planned', { units: { control: 40, canary: 10 } }, 'sample_ratio_mismatch'],
  ['a canary that is much slower', { latency: { control: slow(800), canary: slow(2_300) } }, 'latency_worse'],
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
  expect(verdict.reasons.join(' ')).toContain('Users seen on an arm that is not theirs: 2.');
});

test('should not hold on a latency that grew by less than a second', () => {
  expect(canaryVerdict(night({ latency: { control: slow(4), canary: slow(400) } })).verdict).toBe('pass');
});

test('should hold while a step ramps, say when it is done, and never pass there', () => {
  const waiting = canaryVerdict(firstStep({ control: arm(20, 6), canary: arm(3, 0) }));
  expect(waiting).toMatchObject({ verdict: 'hold', code: 'ramping', stepDone: false });
  expect(waiting.reasons).toEqual([
    'Step 1 of 2, 10 % of users: no harm in 3 canary messages so far; 23 of 40 planned messages have come.',
  ]);
  const done = canaryVerdict(firstStep({ control: arm(300, 90), canary: arm(110, 18) }));
  expect(done).toMatchObject({ verdict: 'hold', code: 'ramping', stepDone: true });
});

test('should not ramp on without canary data, in doubt, after its time, or on harm', () => {
  const counts = { control: arm(36, 9), canary: arm(4, 0) };
  const steps = [
    firstStep({ control: arm(40, 9), canary: arm(0, 0) }),
    firstStep(counts, { contaminatedUnits: 1 }),
    firstStep(counts, { now: 20_000 }),
    firstStep({ ...counts, canary: arm(4, 4, 4) }),
  ].map(canaryVerdict);
  expect(steps.map(({ stepDone }) => stepDone)).toEqual([false, false, false, false]);
  expect(steps.at(-1)?.verdict).toBe('fail');
});

test('should judge harm by all steps, and a pass by the last one alone', () => {
  const lastStep = { control: arm(110, 33), canary: arm(110, 18) };
  const seenBefore = { ...lastStep, canary: arm(140, 20, 22) };
  expect(canaryVerdict(night({ ...seenBefore, stepCounts: lastStep })).code).toBe('harm_failures');
  const goodBefore = { ...lastStep, canary: arm(200, 18) };
  const thin = { ...lastStep, canary: arm(20, 2) };
  expect(canaryVerdict(night({ ...goodBefore, stepCounts: thin })).code).toBe('too_few_outcomes');
});

test('should stop on failures of the exerciser, and never pass for its successes', () => {
  const failing = { ...none, canary: arm(3, 3, 3) };
  expect(canaryVerdict(night({ exercise: failing }))).toMatchObject({
    verdict: 'fail',
    code: 'exercise_failures',
  });
  const fine = { control: arm(500, 100), canary: arm(500, 0) };
  expect(canaryVerdict(night({ ...none, units: { control: 0, canary: 0 }, exercise: fine })).verdict).toBe(
    'hold',
  );
});

test('should say so when control fails as well', () => {
  const both = canaryVerdict(night({ control: arm(9, 5, 5), canary: arm(3, 3, 3) }));
  expect(both.reasons[0]).toContain('Control failed 5 of 9 (55.6 %) as well');
});

test('should refuse counts that cannot be', () => {
  expect(() => canaryVerdict(night({ canary: { n: 1, failures: 2, correct: 0, wrong: 0 } }))).toThrow(
    'failures of canary cannot exceed n',
  );
  expect(() => canaryVerdict(night({ canary: { n: 1, failures: 0, correct: 1, wrong: 1 } }))).toThrow(
    'cannot exceed n',
  );
  const ramp = [{ percent: 120, users: 1, messagesPerUser: 1 }];
  expect(() => canaryVerdict(night({ ramp }))).toThrow('percent must be between 0 and 100');
  expect(() => canaryVerdict(night({ step: 1 }))).toThrow('the ramp has no step 1');
  expect(() => canaryVerdict(night({ counts: none }))).toThrow('in a step cannot exceed those of the canary');
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

function anyArm(): fc.Arbitrary<CanaryArmFacts> {
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
