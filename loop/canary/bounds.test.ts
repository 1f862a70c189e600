import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { boundedCourse, type StreamName } from './bounds.ts';
import type { CoursePoint } from './course.ts';
import { USUAL_THRESHOLDS } from './thresholds.ts';
import { canaryVerdict } from './verdict.ts';
import type { CanaryArmFacts } from './verdictInput.ts';
import { isShown } from './weigh.ts';

const none: CanaryArmFacts = { n: 0, failures: 0, correct: 0, wrong: 0 };
const lastStep = 1;

/** `bad` of `n` answers are bad in the stream asked for, none in the other. */
function armOf(name: StreamName, bad: number, n: number): CanaryArmFacts {
  return name === 'wrong'
    ? { n, failures: 0, correct: n - bad, wrong: bad }
    : { n, failures: bad, correct: n - bad, wrong: 0 };
}

/** What the verdict itself finds when the canary has so many bad answers. */
function evidenceAt(name: StreamName, point: CoursePoint, bad: number) {
  const counts = { ...point.counts, canary: armOf(name, bad, point.counts.canary.n) };
  const { evidence } = canaryVerdict({
    counts,
    stepCounts: counts,
    ramp: [
      { percent: 10, users: 1, messagesPerUser: 1 },
      { percent: 50, users: 1, messagesPerUser: 1 },
    ],
    step: point.step,
    units: { control: 1, canary: 1 },
    latency: { control: [], canary: [] },
    contaminatedUnits: 0,
    attestationMismatches: 0,
    exercise: { control: none, canary: none },
    startedAt: 0,
    now: 1,
    endsAt: 2,
  });
  const limit = name === 'failures' && isShown(evidence.failureLimit);
  return {
    stops: bad > 1 && (isShown(evidence.harm[name === 'wrong' ? 'correctness' : 'failures']) || limit),
    passes: isShown(evidence.notWorse[name === 'wrong' ? 'correctness' : 'failures']),
  };
}

for (const name of ['failures', 'wrong'] as const) {
  test(`the bounds of ${name} are where the verdict's own evidence begins and ends`, () => {
    const arm = fc
      .integer({ min: 1, max: 60 })
      .chain(n => fc.integer({ min: 0, max: n }).map(bad => armOf(name, bad, n)));
    const course = fc.array(fc.tuple(arm, arm), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(course, arms => {
        const points = arms.map(([control, canary], at) => ({
          at,
          step: lastStep,
          counts: { control, canary },
          earlier: { control: none, canary: none },
        }));
        const bounded = boundedCourse(points, name, { lastStep, thresholds: USUAL_THRESHOLDS });
        for (const [at, { stopsFrom, passesTo }] of bounded.entries()) {
          const point = points[at] as CoursePoint;
          const possible = Array.from({ length: point.counts.canary.n + 1 }, (_, bad) => bad);
          expect(possible.map(bad => evidenceAt(name, point, bad))).toEqual(
            possible.map(bad => ({
              stops: stopsFrom !== null && bad >= stopsFrom,
              passes: passesTo !== null && bad <= passesTo,
            })),
          );
        }
      }),
      { numRuns: 40 },
    );
  });
}

test('only the last step can pass, by what it has seen alone, and harm is judged by all', () => {
  const early = armOf('wrong', 10, 40);
  const point = (step: number): CoursePoint => ({
    at: 0,
    step,
    counts: { control: armOf('wrong', 40, 140), canary: armOf('wrong', 30, 140) },
    earlier: { control: early, canary: early },
  });
  const [first, last] = boundedCourse([point(0), point(1)], 'wrong', {
    lastStep,
    thresholds: USUAL_THRESHOLDS,
  });
  expect(first?.passesTo).toBeNull();
  const alone = boundedCourse(
    [
      {
        ...point(1),
        counts: { control: armOf('wrong', 30, 100), canary: armOf('wrong', 20, 100) },
        earlier: { control: none, canary: none },
      },
    ],
    'wrong',
    { lastStep, thresholds: USUAL_THRESHOLDS },
  );
  expect(last?.passesTo).toBe(10 + (alone[0]?.passesTo ?? Number.NaN));
  expect(last?.stopsFrom).toBe(first?.stopsFrom);
});
