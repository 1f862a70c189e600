import { expect, test } from '@playwright/test';
import { phases } from '../../../loop/contract/phase.ts';
import { timeLeft, timeLeftWords } from './timeLeft.ts';

const MIN = 60_000;
/** A night whose phases took as long as given, in the order of a night. */
const nightOf = (...minutes: number[]) => {
  let from = 0;
  return minutes.map((length, i) => {
    const span = { phase: phases[i] ?? '', from, at: from + length * MIN };
    from = span.at;
    return span;
  });
};
// preflight, seed, compile, canary, evidence, promote, soak
const earlier = [nightOf(1, 1, 10, 6, 1, 1, 2), nightOf(1, 1, 12, 6, 1, 1, 2), nightOf(1, 1, 30, 6, 1, 1, 2)];
const compiling = { phase: 'compile', since: 0, now: 5 * MIN, done: null, earlier };

test('a phase and those after it are expected to take what they usually took, whatever one night did', () => {
  expect(timeLeft(compiling)).toBe((12 - 5 + 10) * MIN);
});

test('a phase whose work is counted goes on at its own pace', () => {
  const canary = { phase: 'canary', since: 0, now: 9 * MIN, done: 0.75, earlier };
  expect(timeLeft(canary)).toBe((3 + 4) * MIN);
  expect(timeLeft({ ...canary, done: 0.01, now: MIN }), 'too little is done to know').toBe((5 + 4) * MIN);
});

test('nothing is said where it is not known', () => {
  expect(timeLeft({ ...compiling, earlier: [] }), 'no earlier night').toBeNull();
  expect(timeLeft({ ...compiling, earlier: [nightOf(1, 1, 10)] }), 'none got further').toBeNull();
  expect(timeLeft({ ...compiling, now: 13 * MIN }), 'longer than usual').toBeNull();
});

test('the words promise no more than minutes', () => {
  expect([20_000, 4.2 * MIN, 130 * MIN].map(timeLeftWords)).toEqual([
    'less than a minute left',
    'about 4 min left',
    'about 2 h left',
  ]);
});
