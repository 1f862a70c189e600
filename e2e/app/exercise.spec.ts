import { expect, test } from '../../fixtures/releaseTest.ts';
import { exercisePredict, exerciseThreadEnsure } from '../../loop/contract/endpoint.ts';

test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'ramp' });

test('an exerciser has one user and one thread, however often they are asked for', async ({
  dse,
  unique,
}) => {
  const exerciser = unique.toLowerCase();
  const first = await dse.call(exerciseThreadEnsure, { exerciser });
  expect(first).toMatchObject({ userId: `exercise:${exerciser}`, created: true });
  expect(await dse.call(exerciseThreadEnsure, { exerciser })).toEqual({ ...first, created: false });
});

test('samples come from what serves the exerciser, are made once, and are counted apart', async ({
  dse,
  release,
  unique,
  convex,
}) => {
  const { canary } = await release.open(unique);
  const { signatureId } = release;
  const sample = (exerciser: string, i: number) =>
    dse.call(exercisePredict, {
      signatureId,
      exerciser,
      sampleId: `s${i}`,
      exampleId: release.said(i).exampleId,
    });
  const exercisers = (['control', 'canary'] as const).flatMap(arm => release.usersOn(arm, 'exercise:ex', 3));
  const named = exercisers.map(userId => userId.replace('exercise:', ''));
  const made = [];
  for (const [i, name] of named.entries()) made.push(await sample(name, i));
  expect(
    made.every(({ canaryId, repeated, result }) => canaryId === canary.canaryId && !repeated && result.ok),
  ).toBe(true);
  expect(made.map(({ arm }) => arm)).toEqual([...Array(3).fill('control'), ...Array(3).fill('canary')]);
  const { repeated, ...again } = await sample(named[0] ?? '', 0);
  expect({ repeated, receiptId: again.receiptId, correct: again.correct }).toEqual({
    repeated: true,
    receiptId: made[0]?.receiptId,
    correct: made[0]?.correct,
  });
  const { exercise, counts, units, verdict } = await release.canary();
  expect(exercise.control.n + exercise.canary.n).toBe(6);
  expect(exercise.control.correct + exercise.canary.correct).toBe(
    made.filter(({ correct }) => correct).length,
  );
  expect([counts.control.n, counts.canary.n, units.control, units.canary]).toEqual([0, 0, 0, 0]);
  expect(await convex.canaryRecount(canary.canaryId)).toEqual(counts);
  expect(verdict, 'never enough for a pass').toMatchObject({ verdict: 'hold', code: 'no_data' });
  await release.stop();
  const after = await sample(named[0] ?? '', 0);
  expect(after, 'another artifact serves now, so it is another sample').toMatchObject({
    arm: 'none',
    repeated: false,
  });
});

test('a row outside the canary split and an odd name are refused', async ({ dse, release }) => {
  const { signatureId, rows } = release;
  const ask = (exerciser: string, exampleId: string) =>
    dse.call(exercisePredict, { signatureId, exerciser, sampleId: 's', exampleId });
  await expect(ask('ex', rows[0]?.exampleId ?? '')).rejects.toMatchObject({ code: 'not_found', status: 404 });
  await expect(ask('Not A Name', release.said(0).exampleId)).rejects.toMatchObject({
    code: 'invalid_request',
  });
});
