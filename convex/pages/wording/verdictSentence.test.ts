import { expect, test } from '@playwright/test';
import type { GateReport } from '../../../loop/contract/compile.ts';
import { type NightOutcome, rightOf, verdictSentence } from './verdictSentence.ts';

const gate: GateReport = {
  passed: true,
  code: 'better',
  reason: 'Better.',
  n: 100,
  before: 0.64,
  after: 0.78,
  gain: 0.14,
  interval: { low: 0.08, high: 0.2 },
  pValue: 0.001,
  alpha: 0.03,
  opening: 1,
  fixed: [],
  broken: [],
  perLabel: [],
};

const promoted: NightOutcome = {
  verdict: 'promoted',
  reason: 'All gates passed.',
  signatureId: '@openagents/autopilot/blueprint/SelectTool.v1',
  phase: null,
  running: false,
  gate,
  holdout: null,
};

test('a promotion says how many answers are right now, and were', () => {
  expect(verdictSentence(promoted)).toBe(
    'Promoted: SelectTool now answers 78 of 100 holdout examples right, was 64 (+14 points, 95\u00a0% interval +8 to +20).',
  );
});

test('graded scores are means, not counts', () => {
  const graded = { ...promoted, gate: { ...gate, before: 0.6123, after: 0.7311, gain: 0.1188 } };
  expect(verdictSentence(graded)).toBe(
    'Promoted: SelectTool now scores 73.1\u00a0% on 100 holdout examples, was 61.2\u00a0% (+11.9 points, 95\u00a0% interval +8 to +20).',
  );
});

test('without the report the figures of the result are used, without an interval', () => {
  const holdout = { n: 50, before: 0.5, after: 0.6, pValue: 0.01 };
  expect(verdictSentence({ ...promoted, gate: null, holdout })).toBe(
    'Promoted: SelectTool now answers 30 of 50 holdout examples right, was 25 (+10 points).',
  );
});

for (const [verdict, sentence] of [
  ['kept', 'Kept: SelectTool stays as it was. It was a tie.'],
  ['stopped', 'Stopped: the new prompt of SelectTool was not shipped. It was a tie.'],
  ['rolled_back', 'Rolled back: SelectTool is as it was before. It was a tie.'],
  ['failed', 'Failed: It was a tie.'],
] as const)
  test(`${verdict} gives its reason as a sentence`, () => {
    expect(verdictSentence({ ...promoted, verdict, reason: 'it was a tie' })).toBe(sentence);
  });

test('a night without a proven gain says what was measured', () => {
  const close = {
    ...gate,
    passed: false,
    code: 'not_significant',
    gain: 0.01,
    interval: { low: -0.06, high: 0.08 },
  };
  expect(verdictSentence({ ...promoted, verdict: 'kept', gate: close })).toBe(
    'Kept: SelectTool stays as it was. The best new prompt measured +1 point, 95\u00a0% interval \u22126 to +8, which could be chance.',
  );
  const refused = { ...close, code: 'unscored_pairs', reason: 'three items were not scored' };
  expect(verdictSentence({ ...promoted, verdict: 'kept', gate: refused })).toBe(
    'Kept: SelectTool stays as it was. Three items were not scored.',
  );
});

test('a running night names its phase, and a run without verdict says so', () => {
  expect(verdictSentence({ ...promoted, running: true, phase: 'canary' })).toBe(
    'Running: the canary phase is under way.',
  );
  expect(verdictSentence({ ...promoted, verdict: null })).toBe('Ended without a verdict.');
});

test('a share is a count only where it can be one', () => {
  expect(rightOf(2 / 3, 3)).toBe('2 of 3');
  expect(rightOf(0.5, 3)).toBe('50\u00a0%');
});
