import { expect, test } from '../../fixtures/deployedTest.ts';
import { modelRequests } from '../../fixtures/modelRequests.ts';
import { receiptGet } from '../../loop/contract/endpoint.ts';
import { OPEN_AFTER_FAILURES, OPEN_MS } from '../../loop/lm/breaker.ts';

// Its breaker is the whole deployment's.
test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'breaker' });

test('an endpoint that fails again and again is left alone, and trusted again after an answer', async ({
  app,
  chatUser,
  dse,
  functions,
  model,
}) => {
  const breakers = () => functions.rows<{ model: string; failures: number }>('dseBreakers');
  const users = await Promise.all(['a', 'b', 'c', 'd'].map(chatUser));
  const [user] = users;
  await model.set({ kind: 'error' });
  // Each message fails twice: choosing a tool, and answering.
  await Promise.all(users.map(one => one.send('remember the milk')));
  expect(await breakers()).toMatchObject([{ model: 'overnight-offline-1', failures: OPEN_AFTER_FAILURES }]);

  const asked = await modelRequests(app.modelUrl);
  const card = await user?.ask('remember the eggs');
  expect(await modelRequests(app.modelUrl)).toBe(asked);
  const { receipt } = await dse.call(receiptGet, { receiptId: card?.receiptId ?? '' });
  expect(receipt).toMatchObject({
    calls: [{ attempts: 0, error: 'model_unreachable' }],
    result: { ok: false, error: { message: expect.stringContaining('is left alone for now') } },
  });

  await model.set();
  // A call probes once the pause is over.
  const ended = async () => (await user?.send('remember the bread'))?.at(-1)?.type;
  await expect.poll(ended, { timeout: OPEN_MS + 10_000 }).toBe('done');
  expect(await breakers()).toEqual([]);
});

test('of all who find the pause over one probes, and its success lets everybody in', async ({
  clock,
  functions,
}) => {
  const [failed, well] = [
    { model: 'some-model', ok: false },
    { model: 'some-model', ok: true },
  ];
  for (let n = 0; n < OPEN_AFTER_FAILURES; n++) await functions.mutation('breakers:record', failed);
  const claim = () => functions.mutation('breakers:claimProbe', { model: 'some-model' });
  expect(await claim()).toBe('open');
  clock.advance(OPEN_MS);
  const claims = await Promise.all([claim(), claim(), claim()]);
  expect(claims.sort()).toEqual(['open', 'open', 'probe']);
  await functions.mutation('breakers:record', well);
  expect(await claim()).toBe('closed');
});
