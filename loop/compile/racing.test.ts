import { expect, test } from '@playwright/test';
import { selectTool } from '../catalog/selectTool.ts';
import { defaultArtifact } from '../signature.ts';
import { type Random, seededRandom } from '../stats/random.ts';
import { Arena } from './arena.ts';
import { proposal, variant } from './candidate.ts';
import type { LabelledExample } from './labelled.ts';
import { Purse } from './purse.ts';
import { beaten, DROP_REGRET, expectedGain, looksOf } from './racing.ts';

const models = { main: 'm', sub: 'm', repair: 'm', judge: 'j' };
const control = defaultArtifact(selectTool, models);
const noLimits = { calls: null, tokens: null, usd: null };
const rows: LabelledExample[] = Array.from({ length: 300 }, (_, i) => ({
  exampleId: `t-${i}`,
  contentHash: `t-${i}`,
  input: { message: `message ${i}`, blueprintHint: 'none' },
  expected: { tool: 'none' },
}));

/** One race of three challengers that change a share of the answers, for the better or the worse by chance. */
async function raceOf(random: Random) {
  const right = new Map<string, boolean[]>();
  const before = rows.map(() => random() < 0.6);
  right.set(control.params.instruction, before);
  const challengers = [1, 2, 3].map(n => {
    const [changed, better] = [random() * 0.2, 0.3 + random() * 0.4];
    right.set(
      `instruction ${n}`,
      before.map(was => (random() < changed ? random() < better : was)),
    );
    return variant(selectTool, control, { instruction: `instruction ${n}` }, `challenger ${n}`);
  });
  let calls = 0;
  const arena = new Arena({
    signature: selectTool,
    train: rows,
    seed: String(random()),
    purse: new Purse(noLimits, 0),
    score: async asked =>
      asked.map(({ artifact, rows: some }) => {
        calls += some.length;
        return new Map(
          some.map(({ exampleId }) => {
            const is = right.get(artifact.params.instruction)?.[Number(exampleId.slice(2))];
            const item = { exampleId, score: is ? 1 : 0, errorCode: null, output: null, receiptId: null };
            return [exampleId, item];
          }),
        );
      }),
    onCandidate: async () => undefined,
  });
  const champion = await arena.enterControl(proposal(control, 'control'));
  const winner = await arena.race(champion, challengers);
  const mean = (key: string) => (right.get(key) ?? []).filter(Boolean).length / rows.length;
  const best = Math.max(...[...right.keys()].map(mean));
  return { regret: best - mean(winner.artifact.params.instruction), share: calls / (4 * rows.length) };
}

test('over many races what is dropped costs no more than the stated regret, and racing saves calls', async () => {
  const random = seededRandom('races');
  const races: { regret: number; share: number }[] = [];
  for (let i = 0; i < 300; i++) races.push(await raceOf(random));
  const mean = (of: (race: (typeof races)[number]) => number) =>
    races.reduce((sum, race) => sum + of(race), 0) / races.length;
  expect(mean(race => race.regret)).toBeLessThanOrEqual(DROP_REGRET);
  expect(mean(race => race.share)).toBeLessThan(0.85);
});

/** A challenger that won and lost so many of 20 open and 20 held rows, with as many of either yet to answer. */
const halfWay = (wins: number, losses: number, left = 20) => ({
  n: 40,
  wins,
  losses,
  sum: wins - losses,
  moved: wins + losses,
  open: { seen: 20, left },
  mostLeft: left,
  held: { seen: 20, left },
  left: 2 * left,
});

test('a challenger that cannot catch up is dropped, however few rows there are', () => {
  const few = { ...halfWay(0, 3), n: 10, mostLeft: 3 };
  expect(beaten(few, 5)).toContain('cannot catch up');
  expect(beaten({ ...few, mostLeft: 3.5 }, 5), 'too few rows for anything else').toBeNull();
});

test('a challenger is not dropped for what it might lose before it was seen to hold rows', () => {
  const onOpenRows = { ...halfWay(0, 0), n: 20, held: { seen: 0, left: 40 } };
  expect(beaten(onOpenRows, 5)).toBeNull();
});

test('a challenger that is through is never dropped', () => {
  expect(beaten({ ...halfWay(0, 9), open: { seen: 40, left: 0 }, mostLeft: 0, left: 0 }, 5)).toBeNull();
});

test('what can be expected of a challenger falls with every row it loses, and as fewer are left', () => {
  expect(expectedGain(halfWay(2, 4))).toBeLessThan(expectedGain(halfWay(2, 2)));
  expect(expectedGain(halfWay(2, 4, 5))).toBeLessThan(expectedGain(halfWay(2, 4)));
});

test('what can be expected of a challenger with nothing left is what it has gained', () => {
  const through = { ...halfWay(5, 2, 0), mostLeft: 0 };
  expect(expectedGain(through)).toBeCloseTo(3 / 40, 12);
  expect(expectedGain({ ...through, sum: 1.5, moved: 3.5 }), 'also of a graded one').toBeCloseTo(
    1.5 / 40,
    12,
  );
});

test('rows that can be won come first, so that a challenger that answers as the champion does costs little more than these', async () => {
  const asked: string[] = [];
  const isOpen = (id: string) => Number(id.slice(2)) % 10 === 0;
  const arena = new Arena({
    signature: selectTool,
    train: rows,
    seed: 'open first',
    purse: new Purse(noLimits, 0),
    score: async all =>
      all.map(({ artifact, rows: some }) => {
        if (artifact.params.instruction === 'other') asked.push(...some.map(row => row.exampleId));
        return new Map(
          some.map(({ exampleId }) => {
            const score = isOpen(exampleId) ? 0 : 1;
            return [exampleId, { exampleId, score, errorCode: null, output: null, receiptId: null }];
          }),
        );
      }),
    onCandidate: async () => undefined,
  });
  const champion = await arena.enterControl(proposal(control, 'control'));
  await arena.race(champion, [variant(selectTool, control, { instruction: 'other' }, 'other')]);
  expect(asked.slice(0, 30).every(isOpen)).toBe(true);
  expect(asked.length).toBe(30);
});

test('a race looks first at twenty rows and last at all of them', () => {
  expect(looksOf(400)).toEqual([20, 30, 45, 68, 102, 153, 230, 345, 400]);
  expect(looksOf(15)).toEqual([15]);
});
