import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { type GateInput, type GatePair, pairedGate } from './gate.ts';

/** A holdout with so many items fixed, broken, right on both sides and wrong on both. */
function holdout({ fixed = 0, broken = 0, right = 0, wrong = 0 }): GateInput {
  const scores: [number, number][] = [
    ...Array.from({ length: fixed }, (): [number, number] => [0, 1]),
    ...Array.from({ length: broken }, (): [number, number] => [1, 0]),
    ...Array.from({ length: right }, (): [number, number] => [1, 1]),
    ...Array.from({ length: wrong }, (): [number, number] => [0, 0]),
  ];
  const pairs = scores.map(([before, after], i): GatePair => ({ exampleId: `ex-${i}`, before, after }));
  return { pairs, expectedIds: pairs.map(pair => pair.exampleId), alpha: 0.05, kind: 'exact', seed: 'night' };
}

test('should pass a clear gain with its figures and its flips', () => {
  const result = pairedGate(holdout({ fixed: 12, broken: 2, right: 60, wrong: 26 }));
  expect(result).toMatchObject({ passed: true, code: 'better', n: 100, before: 0.62, after: 0.72 });
  expect(result.pValue).toBeCloseTo(0.00647, 5);
  expect(result.gain).toBeCloseTo(0.1, 12);
  expect(result.fixed).toHaveLength(12);
  expect(result.broken).toEqual(['ex-12', 'ex-13']);
  expect(result.reason).toBe(
    'Of 100 holdout items, 12 got better and 2 worse: 62.0 % before, 72.0 % after (+10.0 points, 95 % interval +3.1 to +18.2). ' +
      'Better than chance explains: one-sided exact McNemar test p = 0.0065, within the 0.0500 allowed.',
  );
});

test('should call equal scores a tie, never "no regression"', () => {
  const tie = pairedGate(holdout({ fixed: 5, broken: 5, right: 40 }));
  expect(tie).toMatchObject({ passed: false, code: 'tie' });
  expect(tie.reason).toContain('A tie shows neither a gain nor that nothing got worse');
  expect(pairedGate(holdout({ right: 40 })).code).toBe('tie');
});

test('should tell a worse candidate from one that may be lucky', () => {
  expect(pairedGate(holdout({ fixed: 2, broken: 6, right: 40 })).code).toBe('worse');
  const lucky = pairedGate(holdout({ fixed: 4, broken: 1, right: 40 }));
  expect(lucky).toMatchObject({ passed: false, code: 'not_significant' });
  expect(lucky.reason).toContain(
    'This could be chance: one-sided exact McNemar test p = 0.1875, above the 0.0500 allowed.',
  );
});

const spoiled: [string, (input: GateInput) => GateInput, string][] = [
  ['a missing pair', input => ({ ...input, pairs: input.pairs.slice(1) }), 'missing_pairs'],
  [
    'a repeated pair',
    input => ({ ...input, pairs: [...input.pairs, ...input.pairs.slice(0, 1)] }),
    'duplicate_pairs',
  ],
  [
    'a repeated expected id',
    input => ({ ...input, expectedIds: [...input.expectedIds, 'ex-0'] }),
    'duplicate_pairs',
  ],
  [
    'a pair of another set',
    input => ({ ...input, pairs: [...input.pairs, scored('x', 0, 1)] }),
    'unexpected_pairs',
  ],
  [
    'an unscored before',
    input => ({ ...input, pairs: [scored('ex-0', null, 1), ...input.pairs.slice(1)] }),
    'unscored_pairs',
  ],
  [
    'an unscored after',
    input => ({ ...input, pairs: [scored('ex-0', 1, null), ...input.pairs.slice(1)] }),
    'unscored_pairs',
  ],
  [
    'a graded score in an exact gate',
    input => ({ ...input, pairs: [scored('ex-0', 0.5, 1), ...input.pairs.slice(1)] }),
    'invalid_scores',
  ],
  [
    'a score that is not a number',
    input => ({ ...input, pairs: [scored('ex-0', Number.NaN, 1), ...input.pairs.slice(1)] }),
    'invalid_scores',
  ],
  ['no level left', input => ({ ...input, alpha: 0 }), 'invalid_alpha'],
  ['a level that is not a number', input => ({ ...input, alpha: Number.NaN }), 'invalid_alpha'],
];
for (const [what, spoil, code] of spoiled) {
  test(`should stay shut on ${what}, without figures`, () => {
    const good = holdout({ fixed: 20, right: 20 });
    expect(pairedGate(good).passed).toBe(true);
    expect(pairedGate(spoil(good))).toMatchObject({
      passed: false,
      code,
      pValue: null,
      before: null,
      gain: null,
    });
  });
}

test('should stay shut below ten items, also if all were fixed', () => {
  expect(pairedGate(holdout({ fixed: 9 })).code).toBe('too_few_items');
  expect(pairedGate(holdout({})).code).toBe('too_few_items');
  expect(pairedGate(holdout({ fixed: 10 })).code).toBe('better');
});

test('should name the items at fault, at most ten of them', () => {
  const input = holdout({ fixed: 12 });
  const { reason } = pairedGate({ ...input, pairs: [] });
  expect(reason).toContain('ex-0, ex-1,');
  expect(reason).toContain('and 2 more');
});

test('should compare graded scores and repeat itself for the same seed', () => {
  const pairs = Array.from({ length: 40 }, (_, i) => scored(`r-${i}`, 0.5, i % 4 === 0 ? 0.45 : 0.7));
  const input: GateInput = {
    pairs,
    expectedIds: pairs.map(p => p.exampleId),
    alpha: 0.01,
    kind: 'graded',
    seed: 's',
  };
  const result = pairedGate(input);
  expect(result).toMatchObject({ passed: true, code: 'better' });
  expect(result.broken).toHaveLength(10);
  expect(pairedGate(input)).toEqual(result);
  expect(pairedGate({ ...input, pairs: pairs.map(p => ({ ...p, after: 0.5 })) }).code).toBe('tie');
});

test('should not depend on the order of the pairs, and never pass unless more is fixed than broken', () => {
  const few = fc.nat(30);
  fc.assert(
    fc.property(few, few, few, few, (fixed, broken, right, wrong) => {
      const input = holdout({ fixed, broken, right, wrong });
      const result = pairedGate(input);
      expect(pairedGate({ ...input, pairs: [...input.pairs].reverse() })).toEqual(result);
      return result.passed === (result.code === 'better') && !(result.passed && fixed <= broken);
    }),
  );
});

test('should never be opened by breaking an item that was right', () => {
  fc.assert(
    fc.property(fc.nat(20), fc.nat(20), fc.integer({ min: 1, max: 20 }), (fixed, broken, right) => {
      const passed = pairedGate(holdout({ fixed, broken, right })).passed;
      const spoiledPassed = pairedGate(holdout({ fixed, broken: broken + 1, right: right - 1 })).passed;
      return passed || !spoiledPassed;
    }),
  );
});

function scored(exampleId: string, before: number | null, after: number | null): GatePair {
  return { exampleId, before, after };
}
