import { expect, test } from '@playwright/test';
import { freshBlueprintHint, selectTool } from '../catalog/selectTool.ts';
import { gateReport } from './gateReport.ts';
import type { ItemScore, LabelledExample, Scores } from './labelled.ts';

const terms = { alpha: 0.05, opening: 1, seed: 'night', kind: 'exact' as const };
const holdout = Array.from(
  { length: 40 },
  (_, i): LabelledExample => ({
    exampleId: `ex-${i}`,
    contentHash: `sha256:${i}`,
    input: { message: `message ${i}`, blueprintHint: freshBlueprintHint },
    expected: { tool: i % 2 === 0 ? 'none' : 'memory_append' },
  }),
);
const scores = (of: (i: number) => Partial<ItemScore>): Scores =>
  new Map(
    holdout.map(({ exampleId }, i) => [
      exampleId,
      { exampleId, score: 1, errorCode: null, output: null, receiptId: null, ...of(i) },
    ]),
  );
const right = scores(() => ({}));
const silentUpTo = (rows: number, errorCode: string) =>
  scores(i => (i < rows ? { score: 0, errorCode } : {}));

test('an outage while today’s artifact was asked is no gain of the candidate', () => {
  for (const code of ['model_unreachable', 'model_rate_limited', 'model_error', 'timeout'])
    expect(gateReport(selectTool, holdout, silentUpTo(15, code), right, terms)).toMatchObject({
      passed: false,
      code: 'tie',
      gain: 0,
      fixed: [],
    });
});

test('an answer that today’s artifact spoilt itself is a gain of the candidate that gives it', () => {
  const report = gateReport(selectTool, holdout, silentUpTo(15, 'output_invalid'), right, terms);
  expect(report).toMatchObject({ passed: true, code: 'better', before: 25 / 40, after: 1 });
  expect(report.fixed).toHaveLength(15);
});

test('an outage while the candidate was asked is its loss', () => {
  const report = gateReport(selectTool, holdout, right, silentUpTo(5, 'timeout'), terms);
  expect(report).toMatchObject({ passed: false, code: 'worse', after: 35 / 40 });
});

test('a holdout of which one row was never scored opens no gate', () => {
  const partial = new Map([...right].slice(1));
  expect(() => gateReport(selectTool, holdout, right, partial, terms)).toThrow(
    'These items were not scored on both sides: ex-0.',
  );
});
