import { dealtReceipt } from '../../fixtures/madeReceipt.ts';
import { expect, test } from '../../fixtures/releaseTest.ts';
import type { CanaryView } from '../../loop/contract/canary.ts';
import type { Receipt } from '../../loop/contract/receipt.ts';

// Receipts without their predicts, put where the chat puts them: the counts look at nothing else.
test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'ramp' });

const ramp = [
  { percent: 10, users: 10, messagesPerUser: 1 },
  { percent: 50, users: 10, messagesPerUser: 2 },
];
const fine = { tool: 'none' };

test.beforeEach(async ({ release, unique }) => {
  await release.open(unique, { ramp });
});

test.afterEach(async ({ release }) => {
  await release.stop();
});

const record = test.extend<{ record: (...receipts: Receipt[]) => Promise<CanaryView> }>({
  record: async ({ functions, release }, use) =>
    use(async (...receipts) => {
      const receiptJsons = receipts.map(receipt => JSON.stringify(receipt));
      await functions.mutation('receipts:record', { receiptJsons });
      return await release.canary();
    }),
});

record(
  'a step that has its planned traffic gives way to the next, and the history says so',
  async ({ release, record, functions }) => {
    const started = await release.canary();
    expect(started).toMatchObject({
      step: 0,
      percent: 10,
      power: expect.stringContaining('to exclude a loss'),
    });
    const [one = ''] = release.usersOn('canary', 'ramp', 1, 10);
    const others = release.usersOn('control', 'ramp', 9, 10);
    const waiting = await record(...others.map(unit => dealtReceipt(started, unit, fine)));
    expect(waiting).toMatchObject({ step: 0, verdict: { verdict: 'hold', code: 'ramping' } });
    const moved = await record(dealtReceipt(started, one, fine));
    expect(moved).toMatchObject({
      step: 1,
      percent: 50,
      counts: { control: { n: 9 }, canary: { n: 1 } },
      stepCounts: { control: { n: 0 }, canary: { n: 0 } },
      units: { control: 0, canary: 0 },
      verdict: { verdict: 'hold', code: 'no_data' },
    });
    const history = await functions.rows<{
      canaryId: string;
      action: string;
      actor: string;
      percent: number;
    }>('dseCanaryHistory');
    expect(history.filter(row => row.canaryId === started.canaryId)).toMatchObject([
      { action: 'start', percent: 10, salt: release.salt },
      {
        action: 'step',
        percent: 50,
        actor: 'verdict',
        salt: release.salt,
        verdictJson: expect.stringContaining('"thresholds"'),
      },
    ]);
  },
);

record(
  'users keep the new artifact as the ramp grows, and who moves to it is counted in the new step only',
  async ({ release, record }) => {
    const first = await release.canary();
    const stays = release.usersOn('canary', 'keep', 1, 10);
    const others = release.usersOn('control', 'keep', 9, 10);
    const second = await record(...[...stays, ...others].map(unit => dealtReceipt(first, unit, fine)));
    expect(second.step).toBe(1);
    const again = await record(...[...stays, ...others].map(unit => dealtReceipt(second, unit, fine)));
    const moved = release.usersOn('canary', 'keep', 20, 50).filter(unit => others.includes(unit)).length;
    expect(moved).toBeGreaterThan(0);
    expect(again).toMatchObject({
      contaminatedUnits: 0,
      units: { control: 9 - moved, canary: 1 + moved },
      counts: { control: { n: 18 - moved }, canary: { n: 2 + moved } },
      stepCounts: { control: { n: 9 - moved }, canary: { n: 1 + moved } },
    });
  },
);

record(
  'an answer that was under way as the ramp grew is counted in the step before',
  async ({ release, record }) => {
    const first = await release.canary();
    const late =
      release
        .usersOn('canary', 'late', 20, 50)
        .find(unit => !release.usersOn('canary', 'late', 20, 10).includes(unit)) ?? '';
    const underWay = dealtReceipt(first, late, fine);
    const [one = ''] = release.usersOn('canary', 'other', 1, 10);
    const rest = release.usersOn('control', 'other', 9, 10);
    await record(...[one, ...rest].map(unit => dealtReceipt(first, unit, fine)));
    expect(await record(underWay)).toMatchObject({
      step: 1,
      contaminatedUnits: 0,
      counts: { control: { n: 10 }, canary: { n: 1 } },
      stepCounts: { control: { n: 0 }, canary: { n: 0 } },
    });
  },
);

record('a user on an arm that is not theirs holds the ramp and the verdict', async ({ release, record }) => {
  const canary = await release.canary();
  const [one = ''] = release.usersOn('canary', 'astray', 1, 10);
  const astray = { arm: 'control' as const, compiledId: canary.controlCompiledId };
  const others = release.usersOn('control', 'astray', 9, 10);
  const held = await record(
    dealtReceipt(canary, one, fine),
    dealtReceipt(canary, one, fine, astray),
    dealtReceipt(canary, one, fine, astray),
    ...others.map(unit => dealtReceipt(canary, unit, fine)),
  );
  expect(held).toMatchObject({
    step: 0,
    contaminatedUnits: 1,
    verdict: { verdict: 'hold', code: 'contaminated' },
  });
});

record(
  'what its user stopped, or a stop of the server cut off, counts for nothing, and for no arm',
  async ({ release, record }) => {
    const canary = await release.canary();
    const [one = ''] = release.usersOn('canary', 'untold', 1, 10);
    const untold = (['cancelled', 'interrupted', 'cancelled', 'interrupted'] as const).map(code => ({
      ...dealtReceipt(canary, one, null),
      result: { ok: false as const, error: { code, message: 'It ended before its answer.' } },
    }));
    expect(await record(...untold)).toMatchObject({ status: 'running', counts: canary.counts });
    const [before, after] = [dealtReceipt(canary, one, fine), dealtReceipt(canary, one, fine)];
    const between = untold.map(receipt => ({ ...receipt, receiptId: `${receipt.receiptId}-again` }));
    expect(await record(before, ...between, after)).toMatchObject({
      counts: { canary: { n: 2, failures: 0 } },
      units: { canary: 1 },
    });
  },
);

record(
  'a canary that always fails is stopped in the first step, at its third answer',
  async ({ release, record }) => {
    const canary = await release.canary();
    const [one = ''] = release.usersOn('canary', 'bad', 1, 10);
    await record(...[1, 2].map(() => dealtReceipt(canary, one, null)));
    expect((await release.canary()).status).toBe('running');
    expect(await record(...[3, 4].map(() => dealtReceipt(canary, one, null)))).toMatchObject({
      status: 'stopped',
      step: 0,
      counts: { canary: { n: 3, failures: 3 } },
      verdict: { verdict: 'fail', code: 'failure_limit' },
    });
  },
);

record(
  'exercises are counted apart: they fill no plan, and can stop a canary',
  async ({ release, record }) => {
    const canary = await release.canary();
    const exercised = (output: typeof fine | null) =>
      Array.from({ length: 40 }, (_, i) =>
        dealtReceipt(canary, `exercise-${i}`, output, { purpose: 'exercise' }),
      );
    expect(await record(...exercised(fine))).toMatchObject({
      status: 'running',
      step: 0,
      counts: { control: { n: 0 }, canary: { n: 0 } },
      units: { control: 0, canary: 0 },
    });
    expect(await record(...exercised(null), ...exercised(null))).toMatchObject({
      status: 'stopped',
      verdict: { verdict: 'fail', code: 'exercise_failures' },
    });
  },
);

record('a ramp whose steps do not grow is refused', async ({ release, unique }) => {
  await release.stop();
  const [small, large] = ramp as [(typeof ramp)[number], (typeof ramp)[number]];
  await expect(release.open(unique, { ramp: [large, small] })).rejects.toMatchObject({
    code: 'invalid_request',
  });
});
