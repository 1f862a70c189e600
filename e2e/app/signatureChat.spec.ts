import { expect, test } from '../../fixtures/deployedTest.ts';
import { chatPath } from '../../fixtures/nightSignature.ts';
import { respondId } from '../../loop/catalog/ids.ts';
import { routeTicket } from '../../loop/catalog/routeTicket.ts';
import { receiptsList } from '../../loop/contract/endpoint.ts';

test('the chat of a signature runs it, and only it, for each message, with a card and a receipt', async ({
  autopilot,
  dse,
}) => {
  await autopilot.goto(chatPath(routeTicket));
  await expect(autopilot.page.getByRole('heading', { level: 1 })).toHaveText('Autopilot: RouteTicket');
  const answer = await autopilot.send('My invoice shows a fee that I do not understand.');
  expect(answer).toMatchObject({ status: 'complete', arm: 'none', tool: 'billing' });
  await expect(autopilot.answers.last()).toContainText('Your message goes to billing.');
  await expect(await autopilot.openCard()).toContainText('RouteTicket.v1');
  const { receipts } = await dse.call(receiptsList, { requestId: answer.requestId });
  expect(receipts).toMatchObject([
    { receiptId: answer.receiptId, signatureId: routeTicket.id, purpose: 'chat', result: { ok: true } },
  ]);

  await autopilot.goto(chatPath(routeTicket));
  await expect(autopilot.answers.last(), 'it was kept').toContainText('Your message goes to billing.');
  await autopilot.goto();
  const usual = await autopilot.send('Call yourself Bo from today.');
  const { receipts: both } = await dse.call(receiptsList, { requestId: usual.requestId });
  expect(both.map(receipt => receipt.signatureId)).not.toContain(routeTicket.id);
});

test('a signature that does not answer shows its error, on the page and in the receipt', async ({
  autopilot,
  model,
  dse,
}) => {
  await model.set({ kind: 'garbage', match: 'zeppelin' });
  await autopilot.goto(chatPath(routeTicket));
  const answer = await autopilot.send('Is there internet in the zeppelin?');
  expect(answer).toMatchObject({ status: 'failed', tool: '' });
  await expect(autopilot.answers.last()).toContainText('No answer:');
  const { receipts } = await dse.call(receiptsList, { requestId: answer.requestId });
  expect(receipts).toMatchObject([{ result: { ok: false } }]);
});

for (const { title, signatureId, status, says } of [
  {
    title: 'an unknown signature is refused with the names of those there are',
    signatureId: '@example/support/RouteTicket.v9',
    status: 404,
    says: /Deployed: .*SelectTool\.v1.*RouteTicket\.v1/,
  },
  {
    title: 'a signature without a chat adapter is refused, and told how to get one',
    signatureId: respondId,
    status: 400,
    says: /has no chat adapter\. Give it one, `chat`, in its file in loop\/catalog/,
  },
])
  test(title, async ({ autopilot, chatUser, request }) => {
    const page = await autopilot.page.goto(`/autopilot?signature=${encodeURIComponent(signatureId)}`);
    expect(page?.status()).toBe(status);
    await expect(autopilot.page.getByRole('main')).toContainText(says);
    const { token } = await chatUser('refused');
    const answer = await request.post('/api/autopilot/send', {
      headers: { authorization: `Bearer ${token}` },
      data: { text: 'hello', signatureId },
    });
    expect(answer.status()).toBe(status);
    expect((await answer.json()).error.message).toMatch(says);
  });
