import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import type { AnchorScore } from '../contract/eval.ts';
import { judgeTrust, MEASURED_WITHIN_MS } from './judgeTrust.ts';

const NOW = 1_000 * MEASURED_WITHIN_MS;
const tags = ['good', 'unsupported', 'missing', 'verbose'];
const usual: Record<string, number> = { good: 0.9, unsupported: 0.3, missing: 0.5, verbose: 0.6 };

/** Ten anchors of each kind with the given scores, spread a little. */
function anchors(scores: Record<string, number> = usual): AnchorScore[] {
  return tags.flatMap(tag =>
    Array.from({ length: 10 }, (_, i) => ({
      exampleId: `${tag}-${i}`,
      tags: [tag],
      expected: tag === 'good' ? 1 : 0.4,
      score: (scores[tag] ?? 0) + i / 1_000,
    })),
  );
}

test('without a measurement of the last day a graded gain is refused', () => {
  const old = { at: NOW - MEASURED_WITHIN_MS - 1, anchors: anchors() };
  for (const measurements of [[], [old]])
    expect(judgeTrust({ measurements, gain: 0.5, now: NOW })).toMatchObject({
      trusted: false,
      code: 'judge_unmeasured',
    });
});

test('a judge that still stands is trusted', () => {
  const measurements = [
    { at: NOW - 30 * MEASURED_WITHIN_MS, anchors: anchors() },
    { at: NOW, anchors: anchors() },
  ];
  expect(judgeTrust({ measurements, gain: 0.02, now: NOW })).toMatchObject({ trusted: true, moved: 0 });
  expect(judgeTrust({ measurements: measurements.slice(1), gain: 0.02, now: NOW })).toMatchObject({
    trusted: true,
    moved: null,
  });
});

test('a judge that moved as much as the gain is refused, also when it moved on one kind of fault only', () => {
  const measurements = [
    { at: NOW - MEASURED_WITHIN_MS, anchors: anchors() },
    { at: NOW, anchors: anchors({ ...usual, verbose: 0.7 }) },
  ];
  expect(judgeTrust({ measurements, gain: 0.08, now: NOW }).code).toBe('judge_moved');
  expect(judgeTrust({ measurements, gain: 0.11, now: NOW }).code).toBe('trusted');
});

test('a judge that came back from a detour is measured against the farthest point', () => {
  const measurements = [
    { at: NOW - 20, anchors: anchors() },
    { at: NOW - 10, anchors: anchors({ ...usual, missing: 0.2 }) },
    { at: NOW, anchors: anchors() },
  ];
  expect(judgeTrust({ measurements, gain: 0.25, now: NOW }).code).toBe('judge_moved');
});

test('a judge that cannot tell one kind of fault from good is refused', () => {
  const measurements = [{ at: NOW, anchors: anchors({ ...usual, unsupported: 0.9 }) }];
  const trust = judgeTrust({ measurements, gain: 0.5, now: NOW });
  expect(trust.code).toBe('judge_disagrees');
  expect(trust.reason).toContain('unsupported');
  const onlyGood = [{ at: NOW, anchors: anchors().filter(anchor => anchor.tags.includes('good')) }];
  expect(judgeTrust({ measurements: onlyGood, gain: 0.5, now: NOW }).code).toBe('judge_disagrees');
});

test('no gain up to how far the judge moved is ever trusted', () => {
  const points = fc.integer({ min: -100, max: 100 }).filter(by => by !== 0);
  fc.assert(
    fc.property(points, fc.integer({ min: 0, max: 99 }), (by, percent) => {
      const moved = Object.fromEntries(tags.map(tag => [tag, (usual[tag] ?? 0) + by / 1_000]));
      const measurements = [
        { at: NOW - 1, anchors: anchors() },
        { at: NOW, anchors: anchors(moved) },
      ];
      const gain = (Math.abs(by) / 1_000) * (percent / 100);
      expect(judgeTrust({ measurements, gain, now: NOW }).trusted).toBe(false);
    }),
  );
});
