import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { blueprintTools, freshBlueprintHint, selectTool } from '../catalog/selectTool.ts';
import type { Artifact } from '../contract/params.ts';
import { sha256Hex } from '../sha256.ts';
import { compiledIdOf, defaultArtifact } from '../signature.ts';
import { type JobSpec, jobSpecOf } from './jobSpec.ts';
import type { ItemScore, LabelledExample } from './labelled.ts';
import type { Failures } from './proposer.ts';
import { rowsKept } from './purse.ts';
import { search } from './search.ts';

const models = { main: 'm', sub: 'm', repair: 'm', judge: 'j' };
const control = defaultArtifact(selectTool, models);
const usual = jobSpecOf(selectTool, models, compiledIdOf(control));

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
const train = rows('t', 64);
const dev = rows('d', 16);
const holdoutRows = 16;

type Judge = (artifact: Artifact, row: LabelledExample) => boolean;

interface Told {
  spec?: Partial<JobSpec>;
  silentOn?: string;
  propose?: (failures: Failures) => string | null;
}

/** A search in which `isRight` says how an artifact does on a row. */
async function searchWith(isRight: Judge, { spec = {}, silentOn, propose = () => null }: Told = {}) {
  const seen: string[] = [];
  const item = (artifact: Artifact, { exampleId, ...row }: LabelledExample): ItemScore => {
    seen.push(`${idOf(artifact)} ${exampleId}`);
    const silent = exampleId === silentOn;
    return {
      exampleId,
      score: !silent && isRight(artifact, { exampleId, ...row }) ? 1 : 0,
      errorCode: silent ? 'timeout' : null,
      output: null,
      receiptId: null,
    };
  };
  const result = await search({
    signature: selectTool,
    spec: { ...usual, ...spec },
    control,
    train,
    dev,
    holdoutRows,
    score: async asked =>
      asked.map(
        ({ artifact, rows: some }) =>
          // The answers come in another order than they were asked for.
          new Map([...some].reverse().map(row => [row.exampleId, item(artifact, row)])),
      ),
    propose: async failures => propose(failures),
    onCandidate: async () => undefined,
  });
  return { ...result, seen };
}

/** Answers that have no sense, and are the same every time. */
function byHash(seed: string): Judge {
  return (artifact, row) => {
    const digest = sha256Hex(`${seed}${idOf(artifact)}${row.exampleId}`);
    return Number.parseInt(digest.slice(0, 4), 16) % 2 === 0;
  };
}

const ids = new WeakMap<Artifact, string>();

/** `compiledIdOf`, which would take most of the time of these tests. */
function idOf(artifact: Artifact): string {
  const id = ids.get(artifact) ?? compiledIdOf(artifact);
  ids.set(artifact, id);
  return id;
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

test('an instruction that helps only beside the right few-shots is found', async () => {
  const wanted = selectTool.search?.instructions[2];
  const { winner } = await searchWith(({ params }, row) => {
    const shown = params.fewShots.length >= 8;
    return shown && (params.instruction === wanted || Number(row.exampleId.slice(2)) % 2 === 0);
  });
  expect(winner.params.instruction).toBe(wanted);
});

test('few-shots are added from train rows while they help', async () => {
  const { winner } = await searchWith((artifact, row) => {
    const label = JSON.stringify(row.expected);
    return artifact.params.fewShots.filter(shot => JSON.stringify(shot.output) === label).length >= 2;
  });
  expect(winner.params.fewShots.length).toBeGreaterThan(control.params.fewShots.length);
  expect(winner.params.fewShots.length).toBeLessThanOrEqual(usual.maxFewShots);
});

test('at the limit of few-shots others take the place of those shown', async () => {
  const { winner, candidates } = await searchWith(
    ({ params }, row) =>
      params.fewShots.filter(shot => shot.exampleId.startsWith('t-')).length >
      Number(row.exampleId.slice(2)) % 5,
    { spec: { maxFewShots: 5, optimizers: ['fewshot_greedy.v1'] } },
  );
  expect(candidates.some(({ origin }) => origin.includes('in place of'))).toBe(true);
  expect(winner.params.fewShots).not.toEqual(control.params.fewShots);
  expect(winner.params.fewShots).toHaveLength(5);
});

test('knobs are turned, and whole numbers refined between the best and its neighbours', async () => {
  const { winner, candidates } = await searchWith(
    ({ params }, row) =>
      Math.abs(params.budgets.maxOutputChars - 3_000) / 100 < Number(row.exampleId.slice(2)),
    {
      spec: {
        optimizers: ['knobs_grid_refine.v1'],
        knobs: [
          { path: 'budgets.maxOutputChars', values: [1_000, 2_000, 4_000] },
          { path: 'rlmLite.chunkChars', values: [1_000] },
        ],
      },
    },
  );
  expect(winner.params.budgets.maxOutputChars).toBe(3_000);
  expect(candidates.map(({ origin }) => origin)).toContain(
    'knobs_grid_refine.v1: budgets.maxOutputChars 3000',
  );
  expect(
    candidates.some(({ origin }) => origin.includes('rlmLite')),
    'no such params',
  ).toBe(false);
});

test('an edit of the proposer is accepted on rows that it has not read, and only if it helps there', async () => {
  const read: string[] = [];
  const propose = ({ missed }: Failures) => {
    read.push(...missed.split('\n'));
    return 'the right words';
  };
  const helps: Judge = ({ params }) => params.instruction.includes('the right words');
  const spec = { optimizers: ['reflective.v1'] as const };
  const good = await searchWith(helps, { propose, spec });
  expect(good.winner.params.instruction).toContain('the right words');
  const accepted = good.candidates.find(({ verdict }) => verdict === 'winner');
  expect(accepted?.origin).toContain('reflective.v1');

  const overfit: Judge = (artifact, row) =>
    helps(artifact, row) && read.includes((row.input as { message: string }).message);
  const bad = await searchWith(overfit, { propose, spec });
  expect(compiledIdOf(bad.winner)).toBe(compiledIdOf(control));
});

test('a row to which today’s artifact gets no answer is set aside, named, and asked of nobody else', async () => {
  const { setAside, candidates, seen } = await searchWith(byHash('poison'), { silentOn: 't-5' });
  expect(setAside).toEqual([{ exampleId: 't-5', split: 'train', errorCode: 'timeout' }]);
  expect(seen.filter(asked => asked.endsWith(' t-5'))).toEqual([`${compiledIdOf(control)} t-5`]);
  for (const { train: score } of candidates) expect(score?.n ?? 0).toBeLessThan(train.length);
});

test('the same scores give the same search, whatever they are, no row is asked twice, and every candidate says why', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string(), async seed => {
      const propose = ({ missed }: Failures) => sha256Hex(missed).slice(0, 8);
      const [a, b] = [
        await searchWith(byHash(seed), { propose }),
        await searchWith(byHash(seed), { propose }),
      ];
      expect(a.candidates).toEqual(b.candidates);
      expect(compiledIdOf(a.winner)).toBe(compiledIdOf(b.winner));
      expect(a.candidates.every(candidate => candidate.why !== '')).toBe(true);
      expect(new Set(a.seen).size).toBe(a.seen.length);
    }),
    { numRuns: 4 },
  );
});

test('no limit on calls is ever broken, the gate’s calls stay untouched, and near the limit only the better half runs on', async () => {
  const enough = train.length + rowsKept(usual.finalists, dev.length, holdoutRows);
  await fc.assert(
    fc.asyncProperty(fc.string(), fc.integer({ min: 0, max: 900 }), async (seed, more) => {
      const limits = { calls: enough + more, tokens: null, usd: null };
      const { seen, stopReason, candidates } = await searchWith(byHash(seed), { spec: { limits } });
      expect(seen.length).toBeLessThanOrEqual(limits.calls - 2 * holdoutRows);
      const halved = candidates.filter(({ why }) => why.startsWith('Halved out'));
      expect(halved.length > 0).toBe(stopReason.includes(`limit of ${limits.calls} calls`));
    }),
    { numRuns: 12 },
  );
});
