import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { blueprintTools, freshBlueprintHint, selectTool } from '../catalog/selectTool.ts';
import type { Artifact } from '../contract/params.ts';
import { sha256Hex } from '../sha256.ts';
import { compiledIdOf, defaultArtifact } from '../signature.ts';
import { jobSpecOf } from './jobSpec.ts';
import type { ItemScore, LabelledExample } from './labelled.ts';
import { search } from './search.ts';

const models = { main: 'm', sub: 'm', repair: 'm', judge: 'j' };
const control = defaultArtifact(selectTool, models);
const spec = jobSpecOf(selectTool, models, compiledIdOf(control));

const rows = (prefix: string, count: number): LabelledExample[] =>
  Array.from({ length: count }, (_, i) => ({
    exampleId: `${prefix}-${i}`,
    contentHash: `${prefix}-${i}`,
    input: {
      message: `message ${i} about ${sha256Hex(`${prefix}${i}`).slice(0, 6)}`,
      blueprintHint: freshBlueprintHint,
    },
    expected: { tool: blueprintTools[i % blueprintTools.length] ?? 'none' },
  }));
const train = rows('t', 32);
const dev = rows('d', 16);

/** A search in which `isRight` says how an artifact does on a row. */
function searchWith(isRight: (artifact: Artifact, row: LabelledExample) => boolean) {
  const seen: string[] = [];
  const score = async (artifact: Artifact, asked: readonly LabelledExample[]) => {
    seen.push(...asked.map(row => row.exampleId));
    const item = (row: LabelledExample): ItemScore => ({
      exampleId: row.exampleId,
      score: isRight(artifact, row) ? 1 : 0,
      errorCode: null,
      output: null,
      receiptId: null,
    });
    return new Map(asked.map(row => [row.exampleId, item(row)]));
  };
  const done = search({
    signature: selectTool,
    spec,
    control,
    train,
    dev,
    score,
    onCandidate: async () => undefined,
  });
  return done.then(result => ({ ...result, seen }));
}

test('when nothing helps, today’s artifact stays the winner', async () => {
  const { winner, candidates } = await searchWith(() => false);
  expect(compiledIdOf(winner)).toBe(compiledIdOf(control));
  expect(candidates[0]).toMatchObject({ origin: 'control', verdict: 'winner' });
});

test('a candidate that is only as good as control is not chosen', async () => {
  const { winner } = await searchWith(() => true);
  expect(compiledIdOf(winner)).toBe(compiledIdOf(control));
});

test('a better instruction is found and said to be the winner', async () => {
  const wanted = selectTool.search?.instructions[1];
  const { winner, candidates } = await searchWith(artifact => artifact.params.instruction === wanted);
  expect(winner.params.instruction).toBe(wanted);
  expect(candidates.filter(candidate => candidate.verdict === 'winner')).toHaveLength(1);
});

test('few-shots are added from train rows while they help', async () => {
  const { winner } = await searchWith((artifact, row) => {
    const label = JSON.stringify(row.expected);
    return artifact.params.fewShots.filter(shot => JSON.stringify(shot.output) === label).length >= 2;
  });
  expect(winner.params.fewShots.length).toBeGreaterThan(control.params.fewShots.length);
  expect(winner.params.fewShots.length).toBeLessThanOrEqual(spec.maxFewShots);
});

test('the same scores give the same search, whatever they are, and every candidate says why', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async seed => {
      const byHash = (artifact: Artifact, row: LabelledExample) =>
        Number.parseInt(sha256Hex(`${seed}${compiledIdOf(artifact)}${row.exampleId}`).slice(0, 4), 16) % 2 ===
        0;
      const [a, b] = [await searchWith(byHash), await searchWith(byHash)];
      expect(a.candidates).toEqual(b.candidates);
      expect(compiledIdOf(a.winner)).toBe(compiledIdOf(b.winner));
      expect(a.candidates.every(candidate => candidate.why !== '')).toBe(true);
    }),
    { numRuns: 10 },
  );
});
