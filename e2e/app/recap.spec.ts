import { accessibilityViolations } from '../../fixtures/axe.ts';
import { expect, test } from '../../fixtures/deployedTest.ts';
import { fillThread, longThread } from '../../fixtures/longThread.ts';
import { recapThreadId } from '../../loop/catalog/ids.ts';
import { blobGet, receiptGet, traceExport } from '../../loop/contract/endpoint.ts';
import { rlmTraceSchema } from '../../loop/contract/rlmTrace.ts';

const facts = [
  'Decision: the office moves to 14 Harbour Street on 3 May.',
  'Decision: Olga pays the deposit of 1,250 euros.',
  'Decision: the new supplier is called Brightwater.',
];

test('a thread of 200,000 characters is recapped within the medium budget, with its trace', async ({
  chatUser,
  dse,
}) => {
  const user = await chatUser('long');
  await fillThread(user, longThread(200_000, facts));

  const direct = await user.recap({ strategy: 'direct.v1', budget: 'medium' });
  expect(direct.at(-1)).toMatchObject({
    type: 'error',
    code: 'context_too_long',
    message: expect.stringMatching(/maxPromptChars is 60000.*rlm_lite\.v1/),
  });

  const events = await user.recap({
    question: 'What was decided about the office, the deposit and the supplier?',
    budget: 'medium',
  });
  expect(events.at(-1)).toMatchObject({ type: 'done' });
  const card = events.flatMap(event => (event.type === 'card' ? [event.card] : []))[0];
  const { receipt } = await dse.call(receiptGet, { receiptId: card?.receiptId ?? '' });
  expect(receipt).toMatchObject({
    purpose: 'recap',
    strategy: 'rlm_lite.v1',
    result: { ok: true },
    unit: user.userId,
  });
  const { limits, used } = receipt.budgets;
  expect(used.subLmCalls).toBeGreaterThan(5);
  expect(used.subLmCalls).toBeLessThanOrEqual(limits.maxSubLmCalls ?? 0);
  expect(used.lmCalls).toBeLessThanOrEqual(limits.maxLmCalls);

  const { text } = await dse.call(blobGet, { receiptId: receipt.receiptId, blobId: receipt.traceId ?? '' });
  const trace = rlmTraceSchema.parse(JSON.parse(text));
  expect(trace.turns).toHaveLength(used.rlmIterations);
  expect(trace.turns.flatMap(turn => turn.subCalls)).toHaveLength(used.subLmCalls);
  expect(trace.result).toEqual(receipt.result);
  expect(JSON.stringify(trace.input).length).toBeGreaterThan(200_000);
  // Every character was read.
  const read = trace.turns
    .flatMap(turn => turn.subCalls.map(call => call.span))
    .filter(span => span.source === 'thread');
  const inOrder = read.sort((x, y) => x.start - y.start);
  expect(inOrder[0]?.start).toBe(0);
  expect(inOrder.slice(1).filter((span, at) => span.start > (inOrder[at]?.end ?? 0))).toEqual([]);
  expect(inOrder.at(-1)?.end).toBe(trace.variables.find(({ name }) => name === 'thread')?.chars);
  const summary = events.flatMap(event => (event.type === 'delta' ? [event.text] : [])).join('');
  // 36 readers have some 34 words each. The offline model gives the words of the one with the deposit to other sentences.
  const [office, , supplier] = facts;
  expect(summary).toContain(office);
  expect(summary).toContain(supplier);
});

test('the owner of a receipt reads its trace; another user, a wrong blob and a guest do not', async ({
  chatUser,
  app,
  request,
}) => {
  const [owner, other] = [await chatUser('owner'), await chatUser('other')];
  await owner.send('Remember that the boiler was serviced in May.');
  const events = await owner.recap({ budget: 'small' });
  const card = events.flatMap(event => (event.type === 'card' ? [event.card] : []))[0];
  const path = `${app.siteUrl}/api/dse/blob/${card?.receiptId}/${card?.traceId}`;
  const statusFor = async (address: string, token?: string) =>
    (await request.get(address, { headers: token ? { authorization: `Bearer ${token}` } : {} })).status();
  expect(await statusFor(path, owner.token)).toBe(200);
  expect(await statusFor(path, other.token)).toBe(404);
  expect(await statusFor(`${path}x`, owner.token)).toBe(404);
  expect(await statusFor(path)).toBe(401);
});

test('a traced recap is exported as a candidate with its thread and provenance', async ({
  chatUser,
  dse,
}) => {
  const user = await chatUser('mined');
  await user.send('Remember that the gutter was cleaned in October.');
  const events = await user.recap({ budget: 'small' });
  const card = events.flatMap(event => (event.type === 'card' ? [event.card] : []))[0];
  const { candidates } = await dse.call(traceExport, { signatureId: recapThreadId, dryRun: true });
  const found = candidates.find(({ provenance }) => provenance.receiptId === card?.receiptId);
  expect(found?.provenance).toMatchObject({
    unit: user.userId,
    inputHash: expect.stringMatching(/^sha256:/),
  });
  expect(JSON.stringify(found?.inputJson)).toContain(
    'user: Remember that the gutter was cleaned in October.',
  );
  expect(found).toMatchObject({ review: 'pending', proposedJson: { summary: expect.any(String) } });
});

test('a recap without a thread, of another thread, or with unknown choices is refused, and changes nothing', async ({
  chatUser,
  app,
  request,
}) => {
  const user = await chatUser('nobody');
  const asked = async (data: object) => {
    const response = await request.post(`${app.siteUrl}/api/autopilot/recap`, {
      data,
      headers: { authorization: `Bearer ${user.token}` },
    });
    return [response.status(), (await response.json()).error.code];
  };
  expect(await asked({})).toEqual([409, 'nothing_to_recap']);
  expect(await asked({ threadId: 'thr_of_another' })).toEqual([404, 'not_found']);
  expect(await asked({ strategy: 'magic.v1' })).toEqual([400, 'bad_request']);
  expect(await asked({ budget: 'endless' })).toEqual([400, 'bad_request']);
  expect(await asked({ question: ' ' })).toEqual([400, 'bad_request']);
});

test('a reader asks for a recap on the page and follows the card to receipt and trace', async ({
  autopilot,
  viewerLink,
}) => {
  await autopilot.send('Remember that the bikes are in the cellar of 9 Mill Lane.');
  await expect((await autopilot.openCard()).getByText('Trace'), 'only a recap has one').toBeHidden();
  const answer = await autopilot.recap('rlm_lite.v1', 'small');
  await expect(answer).toHaveAttribute('data-status', 'complete');
  await expect(answer.getByTestId('message-text')).toContainText('9 Mill Lane');
  const card = await autopilot.openCard();
  await expect(card).toHaveAttribute('data-strategy', 'rlm_lite.v1');
  await expect(card).toHaveAttribute('data-budget', 'small');
  await expect(card).toContainText('turns');
  const trace = await card.getByTestId('trace-link').getAttribute('href');
  const { page } = autopilot;
  await page.goto(viewerLink);
  await page.goto(trace ?? '');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('RecapThread was answered in');
  await expect(page.getByTestId('trace-turn').last()).toHaveAttribute('data-action', 'Final');
});

test('recap controls, card and trace page keep WCAG 2.2 AA in light and dark', async ({
  autopilot,
  viewerLink,
}) => {
  await autopilot.send('Remember that the ladder is at 9 Mill Lane.');
  await autopilot.recap('rlm_lite.v1', 'small');
  const card = await autopilot.openCard();
  const trace = (await card.getByTestId('trace-link').getAttribute('href')) ?? '';
  const { page } = autopilot;
  const check = async (what: string) => {
    // What is folded away must keep the rules too.
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      expect(await accessibilityViolations(page), `${what}, ${colorScheme}`).toEqual([]);
    }
  };
  await check('the chat');
  await page.goto(viewerLink);
  await page.goto(trace);
  await check('the trace');
});

test('a recap by a model that fails says so in view', async ({ autopilot, model }) => {
  await autopilot.send('Remember that the tent has a hole.');
  await model.set({ kind: 'garbage' });
  const answer = await autopilot.recap('rlm_lite.v1', 'small');
  await expect(answer).toHaveAttribute('data-status', 'failed');
  await expect(answer.getByTestId('message-error')).toContainText('is no action, also after a repair');
  await expect(answer.getByTestId('signature-card')).toHaveAttribute('data-trace-id', /^trc_/);
});
