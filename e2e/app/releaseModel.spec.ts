import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { passedSummary } from '../../fixtures/opsEvents.ts';
import { type Act, anyAct, type World } from '../../fixtures/releaseModel/acts.ts';
import { broken } from '../../fixtures/releaseModel/invariants.ts';
import { snapshot, withoutBeats } from '../../fixtures/releaseModel/snapshot.ts';
import { expect, test } from '../../fixtures/releaseTest.ts';
import { ApiError } from '../../loop/contract/apiClientError.ts';
import { opsRunFinish, rollback } from '../../loop/contract/endpoint.ts';

// The real functions on the real backend: what is random is who does what, and when. More sequences: RELEASE_MODEL_RUNS=200.
test.use({ deployment: 'release-model' });

const RUNS = Number(process.env.RELEASE_MODEL_RUNS ?? 5);

/** One move of the sequence: an act alone, repeated as after a lost reply, or two at once. */
type Move = { readonly acts: readonly [Act] | readonly [Act, Act]; readonly repeats: boolean };

const anyMove: fc.Arbitrary<Move> = fc.oneof(
  { weight: 6, arbitrary: anyAct.map(act => ({ acts: [act] as const, repeats: false })) },
  { weight: 2, arbitrary: anyAct.map(act => ({ acts: [act] as const, repeats: act.repeatable })) },
  { weight: 2, arbitrary: fc.tuple(anyAct, anyAct).map(acts => ({ acts, repeats: false })) },
);

const nameOf = ({ acts, repeats }: Move) =>
  `${acts.map(act => act.name).join(' and at once ')}${repeats ? ', repeated' : ''}`;

test('no sequence of runners, operators, receipts, faults and clocks reaches a forbidden state', async ({
  dse,
  convex,
  functions,
  release,
  clock,
}) => {
  test.setTimeout(180_000 + RUNS * 20_000);
  const { compiledId: defaultCompiledId } = (await release.status()).active;
  const reached = new Set<string>();
  let sequence = 0;

  /** Answers whether the act was refused; any other failure is a finding. */
  const refuses = async (run: () => Promise<unknown>): Promise<boolean> => {
    try {
      await run();
      return false;
    } catch (error) {
      if (error instanceof ApiError && error.status > 0 && error.status < 500) return true;
      throw error;
    }
  };

  const play = async (world: World, move: Move): Promise<void> => {
    const before = await snapshot(functions);
    const prepared = await Promise.all(move.acts.map(act => act.prepare(world)));
    const refused = await Promise.all(prepared.map(refuses));
    const after = await snapshot(functions);
    const { canary, soak } = await release.status();
    const recount = canary && (await convex.canaryRecount(canary.canaryId));
    const seen = { before, after, canary, recount, defaultCompiledId };
    expect(broken(seen), `after ${nameOf(move)}`).toEqual([]);
    if (refused.every(Boolean))
      expect(withoutBeats(after), `${nameOf(move)} was refused`).toEqual(withoutBeats(before));
    for (const state of [
      canary?.status,
      canary?.verdict.code,
      soak?.outcome,
      ...after.moves.map(row => row.action),
    ])
      if (state) reached.add(state);
    if (!move.repeats) return;
    for (const run of prepared) await refuses(run);
    const again = await snapshot(functions);
    expect(
      isDeepStrictEqual(withoutBeats(again), withoutBeats(after)),
      `${nameOf(move)} changed something more`,
    ).toBe(true);
  };

  const cleanUp = async (prefix: string): Promise<void> => {
    await release.stop();
    const { signatureId, report } = release;
    await refuses(() =>
      dse.call(rollback, { signatureId, fromCompiledId: report.winnerCompiledId, reason: 'over' }),
    );
    for (const run of ['a', 'b'])
      await refuses(() => dse.call(opsRunFinish, passedSummary(`${prefix}-${run}`)));
  };

  await fc.assert(
    fc.asyncProperty(fc.array(anyMove, { minLength: 8, maxLength: 24 }), async moves => {
      const prefix = `model-${++sequence}`;
      try {
        for (const move of moves) await play({ dse, functions, release, clock, prefix }, move);
      } finally {
        await cleanUp(prefix);
      }
    }),
    { numRuns: RUNS, seed: Number(process.env.RELEASE_MODEL_SEED ?? 20_260_727), endOnFailure: true },
  );
  expect([...reached], 'the sequences went through whole stories').toEqual(
    expect.arrayContaining(['running', 'ramping', 'stopped', 'promote', 'rollback']),
  );
});
