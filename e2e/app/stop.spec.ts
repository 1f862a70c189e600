import { accessibilityViolations } from '../../fixtures/axe.ts';
import { expect, test } from '../../fixtures/deployedTest.ts';
import { madeReceipt } from '../../fixtures/madeReceipt.ts';
import { undiciFetch } from '../../fixtures/undiciFetch.ts';
import { recapThreadId, respondId, selectToolId } from '../../loop/catalog/ids.ts';
import type { ApiClient } from '../../loop/contract/client.ts';
import { createApiClient } from '../../loop/contract/client.ts';
import { autopilotCancel, receiptsList } from '../../loop/contract/endpoint.ts';

const ANSWERING = 'You are Autopilot';
const STOPPED = 'You stopped this answer.';

/** How each predict of a request ended. */
async function ends(dse: ApiClient, requestId: string | null) {
  const { receipts } = await dse.call(receiptsList, { requestId: requestId ?? '' });
  return receipts.map(({ signatureId, result }) => [signatureId, result.ok ? 'ok' : result.error.code]);
}

test('Stop aborts the predict under way: one cancelled receipt, no change, and the text to be sent again', async ({
  autopilot,
  dse,
  model,
}) => {
  const { page, input } = autopilot;
  await model.set({ kind: 'hang' });
  const text = 'remember that the boat is paid';
  await input.fill(text);
  await input.press('Enter');
  const answer = autopilot.answers.last();
  const stop = page.getByRole('button', { name: 'Stop' });
  await stop.click();
  await expect(answer).toHaveAttribute('data-status', 'failed');
  await expect(answer.getByTestId('message-error')).toHaveText(STOPPED);
  await expect(answer.getByTestId('blueprint-change')).toHaveCount(0);
  await expect(stop).toHaveCount(0);
  await expect(input).toHaveValue(text);
  await expect(input).toBeFocused();
  const requestId = await answer.getAttribute('data-request-id');
  expect(await ends(dse, requestId)).toEqual([[selectToolId, 'cancelled']]);
  await model.set();
  expect(await autopilot.send(text)).toMatchObject({ status: 'complete', tool: 'memory_append' });
});

test('the keyboard reaches Stop, and the words that were shown stay', async ({ autopilot, dse, model }) => {
  const { page } = autopilot;
  await model.set({ kind: 'slow_body', ms: 15_000, match: ANSWERING });
  await page.keyboard.type('what can you do for me?');
  await page.keyboard.press('Enter');
  const answer = autopilot.answers.last();
  await expect(answer.getByTestId('message-text')).toHaveText(/\S/);
  expect(await accessibilityViolations(page)).toEqual([]);
  // Back over the recap's two choices; its button is disabled meanwhile.
  for (let step = 0; step < 3; step++) await page.keyboard.press('Shift+Tab');
  await expect(page.getByTestId('stop-button')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(answer.getByTestId('message-error')).toHaveText(STOPPED);
  await expect(autopilot.input).toBeFocused();
  const shown = await answer.getByTestId('message-text').innerText();
  const requestId = await answer.getAttribute('data-request-id');
  expect(await ends(dse, requestId)).toEqual([
    [respondId, 'cancelled'],
    [selectToolId, 'ok'],
  ]);
  await autopilot.goto();
  await expect(answer.getByTestId('message-text')).toHaveText(shown);
  await expect(answer.getByTestId('message-error')).toHaveText(STOPPED);
});

test('a recap, and an answer from before a reload, are stopped in the same way', async ({
  autopilot,
  dse,
  model,
}) => {
  const { page } = autopilot;
  await autopilot.send('remember that the tent has a hole');
  await model.set({ kind: 'hang' });
  await page.getByTestId('recap-button').click();
  const answer = autopilot.answers.last();
  await expect(answer).toHaveAttribute('data-request-id', /./);
  const requestId = await answer.getAttribute('data-request-id');
  await autopilot.goto();
  await page.getByTestId('stop-button').click();
  await expect(answer.getByTestId('message-error')).toHaveText(STOPPED);
  await expect(page.getByTestId('stop-button')).toHaveCount(0);
  expect(await ends(dse, requestId)).toEqual([[recapThreadId, 'cancelled']]);
});

test('only the owner stops an answer; again and too late it says how things stand', async ({
  app,
  chatUser,
  dse,
  model,
  request,
}) => {
  const [owner, other] = [await chatUser('owner'), await chatUser('other')];
  const cancel = (token: string, messageId: string) =>
    createApiClient({ baseUrl: app.siteUrl, credential: token, fetch: undiciFetch }).call(autopilotCancel, {
      messageId,
    });
  await model.set({ kind: 'hang' });
  const sent = owner.send('remember that the gate sticks');
  const newest = async () => (await owner.thread()).messages.at(-1);
  await expect.poll(async () => (await newest())?.status).toBe('streaming');
  const messageId = (await newest())?.messageId ?? '';
  const refused = { code: 'not_found', status: 404 };
  await expect(cancel(other.token, messageId)).rejects.toMatchObject(refused);
  await expect(cancel(owner.token, `${messageId}x`)).rejects.toMatchObject(refused);
  await expect(cancel(app.secrets.OA_DSE_ADMIN_SECRET, messageId)).rejects.toMatchObject({ status: 403 });
  const guest = await request.post(`${app.siteUrl}/api/autopilot/cancel`, { data: { messageId } });
  expect(guest.status()).toBe(401);

  const stops = await Promise.all([cancel(owner.token, messageId), cancel(owner.token, messageId)]);
  // The second one may find that the first has done its work.
  expect(stops.map(({ state }) => state).sort()).toEqual([
    expect.stringMatching(/stopping|failed/),
    'stopping',
  ]);
  const events = await sent;
  expect(events.at(-1)).toEqual({ type: 'error', code: 'cancelled', message: STOPPED });
  expect(await cancel(owner.token, messageId)).toMatchObject({ messageId, state: 'failed' });
  const [start] = events;
  expect(await ends(dse, start?.type === 'start' ? start.requestId : '')).toHaveLength(1);

  await model.set();
  await owner.send('thank you');
  const done = (await newest())?.messageId ?? '';
  expect(await cancel(owner.token, done)).toMatchObject({ messageId: done, state: 'complete' });
  expect((await newest())?.status).toBe('complete');
});

test('a stop that comes as the tool is chosen keeps that receipt as it is, and changes nothing', async ({
  functions,
  unique,
}) => {
  const [userId, messageId, receiptId] = [`${unique}-late`, `msg_${unique}`, `rcp_${unique}`];
  const begun = (await functions.mutation('autopilot:begin', {
    userId,
    name: 'Ada',
    text: 'remember the milk',
    signatureId: selectToolId,
    inputHash: `sha256:${'0'.repeat(64)}`,
    receiptId,
    requestId: `req_${unique}`,
    opsRunId: null,
    threadId: null,
    newThreadId: `thr_${unique}`,
    userMessageId: `msg_${unique}-user`,
    messageId,
  })) as { predict: { openId: string } };
  expect(await functions.mutation('openPredicts:stop', { userId, messageId })).toBe('stopping');
  const receipt = madeReceipt({
    signatureId: selectToolId,
    compiledId: `sha256:${'1'.repeat(64)}`,
    arm: 'none',
    canaryId: null,
    unit: userId,
    output: { tool: 'memory_append' },
  });
  const chosen = await functions.mutation('autopilot:chosen', {
    openId: begun.predict.openId,
    text: 'remember the milk',
    tool: 'memory_append',
    cardJson: '{}',
    receiptJson: JSON.stringify({ ...receipt, receiptId }),
    unstoredJson: null,
    answerReceiptId: `rcp_${unique}-answer`,
  });
  expect(chosen).toEqual({ next: 'stopped' });
  const own = async (table: string) => (await functions.rows<object>(table)).map(row => JSON.stringify(row));
  expect((await own('blueprints')).filter(row => row.includes(userId))).toEqual([]);
  expect((await own('dseOpenPredicts')).filter(row => row.includes(userId))).toEqual([]);
  expect((await own('receipts')).filter(row => row.includes(receiptId))).toHaveLength(1);
  expect(await functions.mutation('openPredicts:stop', { userId, messageId })).toBe('failed');
});
