import { AutopilotPage } from '../../fixtures/autopilotPage.ts';
import { expect, test } from '../../fixtures/deployedTest.ts';
import { PageTrouble } from '../../fixtures/pageTrouble.ts';

// Words of the prompts, by which faults of the model strike one step of an answer and not the other.
const CHOOSING = 'You route messages of a personal agent';
const ANSWERING = 'You are Autopilot';

test('a message gets an answer, a signature card and its change of the Blueprint', async ({ autopilot }) => {
  const answer = await autopilot.send('Please remember that the rent is due on the 3rd.');
  expect(answer).toMatchObject({ status: 'complete', arm: 'none', tool: 'memory_append' });
  await expect(autopilot.answers.last().getByTestId('blueprint-change')).toHaveAttribute(
    'data-section',
    'memory',
  );
});

test('signed out, the chat says how to get in, and takes no message', async ({ page, trouble }) => {
  const answer = await page.goto('/autopilot');
  expect(answer?.status()).toBe(200);
  await expect(page.getByRole('main')).toHaveAttribute('data-signed-in', 'false');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are not signed in');
  await expect(page.getByRole('main')).toContainText('run npm run dev and open the link');
  await expect(page.getByRole('main')).toContainText('OA_E2E_BYPASS_SECRET');
  await expect(page.getByTestId('message-input')).toHaveCount(0);
  expect(trouble.seen).toEqual([]);
});

test('a link signs a user in to the chat, and the button signs out', async ({ page, chatUser }) => {
  const { token, userId } = await chatUser('by-link');
  await page.goto(`/api/auth/link?token=${token}`);
  await expect(page).toHaveURL('/autopilot');
  await expect(page.getByTestId('signed-in-as')).toHaveAttribute('data-user-id', userId);
  await page.getByTestId('sign-out-button').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are not signed in');
  expect((await page.request.get('/api/autopilot/thread')).status()).toBe(401);
});

test('a bad sign-in link says so, and what to do', async ({ page }) => {
  const answer = await page.goto('/api/auth/link?token=not-a-token');
  expect(answer?.status()).toBe(401);
  await expect(page.locator('body')).toContainText(
    'This link or token is not valid any more. Ask for a new one',
  );
  expect(await page.context().cookies()).toEqual([]);
});

test('a model that fails shows an error in time, and the text comes back to be sent again', async ({
  autopilot,
  model,
}) => {
  await model.set({ kind: 'error' });
  const text = 'remember that the spare key is with Mrs. Novak';
  expect(await autopilot.send(text)).toMatchObject({ status: 'failed' });
  const answer = autopilot.answers.last();
  await expect(answer.getByTestId('message-error')).toContainText(
    'No answer: The model endpoint answered 500.',
  );
  await expect(answer.getByTestId('blueprint-change')).toHaveCount(0);
  await expect(autopilot.input).toHaveValue(text);
  await expect(autopilot.input).toBeEnabled();

  await model.set();
  expect(await autopilot.send(text)).toMatchObject({ status: 'complete', tool: 'memory_append' });
  await expect(autopilot.input).toHaveValue('');
});

test('when only the choice of a tool fails the answer still comes, and the card says what failed', async ({
  autopilot,
  model,
}) => {
  await model.set({ kind: 'garbage', match: CHOOSING });
  expect(await autopilot.send('call yourself Robin')).toMatchObject({ status: 'complete', tool: '' });
  const card = await autopilot.openCard();
  await expect(card.locator('[data-field="error"]')).toContainText(/JSON/i);
  await expect(autopilot.answers.last().getByTestId('blueprint-change')).toHaveCount(0);
});

test('an answer that breaks off half-way ends as failed, and no word of it stands twice', async ({
  autopilot,
  model,
}) => {
  await model.set({ kind: 'cut_stream', match: ANSWERING, times: 1 });
  expect(await autopilot.send('tell me a story')).toMatchObject({ status: 'failed' });
  const broken = autopilot.answers.first();
  await expect(broken.getByTestId('message-error')).toHaveText(/^No answer: /);
  const half = await broken.getByTestId('message-text').innerText();
  expect(half).not.toBe('');

  await autopilot.send('tell me a story');
  const whole = await autopilot.answers.last().getByTestId('message-text').innerText();
  expect(whole.startsWith(half), `"${whole}" begins with "${half}"`).toBe(true);
  await autopilot.goto();
  await expect(broken).toHaveAttribute('data-status', 'failed');
  await expect(broken.getByTestId('message-error')).toHaveText(/^No answer: /);
});

test('a slow model streams: words stand on the page before the answer is complete', async ({
  autopilot,
  model,
}) => {
  await model.set({ kind: 'slow_body', ms: 2_000, match: ANSWERING });
  await autopilot.input.fill('what can you do for me?');
  await autopilot.input.press('Enter');
  const answer = autopilot.answers.last();
  await expect(
    answer.and(autopilot.page.locator('[data-status="streaming"]')).getByTestId('message-text'),
  ).toHaveText(/\S/);
  await expect(autopilot.input).toBeDisabled();
  await expect(answer).toHaveAttribute('data-status', 'complete');
  await expect(autopilot.input).toBeEnabled();
});

test('an answer that was still being written at a reload comes to its end', async ({ autopilot, model }) => {
  await model.set({ kind: 'latency', ms: 1_500 });
  await autopilot.input.fill('remember that the dentist moved to Tuesday');
  await autopilot.input.press('Enter');
  await expect(autopilot.answers.last()).toHaveAttribute('data-request-id', /./);
  await autopilot.goto();
  await expect(autopilot.answers).toHaveCount(1);
  await expect(autopilot.answers.last()).toHaveAttribute('data-status', 'complete');
  await expect(autopilot.answers.last().getByTestId('signature-card')).toHaveCount(1);
});

test('two messages in a row stay in order, and a reload shows the same thread with its cards', async ({
  autopilot,
}) => {
  const first = await autopilot.send('call me Ada');
  const second = await autopilot.send('thank you');
  expect(second.receiptId).not.toBe(first.receiptId);
  const texts = await autopilot.messages.getByTestId('message-text').allTextContents();
  expect(texts).toEqual([
    'call me Ada',
    expect.stringMatching(/\S/),
    'thank you',
    expect.stringMatching(/\S/),
  ]);

  await autopilot.goto();
  await expect(autopilot.messages.getByTestId('message-text')).toHaveText(texts);
  const cards = autopilot.page.getByTestId('signature-card');
  const receipts = await cards.evaluateAll(all => all.map(card => card.getAttribute('data-receipt-id')));
  expect(receipts).toEqual([first.receiptId, second.receiptId]);
  const roles = await autopilot.messages.evaluateAll(all =>
    all.map(message => message.getAttribute('data-role')),
  );
  expect(roles).toEqual(['user', 'assistant', 'user', 'assistant']);
});

test('the keyboard alone is enough: write, send, open the card, reach its receipt', async ({ autopilot }) => {
  const { page, input } = autopilot;
  await expect(input).toBeFocused();
  await page.keyboard.type('first line');
  await page.keyboard.press('Shift+Enter');
  await page.keyboard.type('second line');
  await page.keyboard.press('Enter');
  await expect(autopilot.answers.last()).toHaveAttribute('data-status', 'complete');
  await expect(autopilot.messages.first().getByTestId('message-text')).toHaveText('first line\nsecond line');
  await expect(input).toBeFocused();
  // Between the input and the conversation stand the recap's two choices and its button.
  for (let step = 0; step < 4; step++) await page.keyboard.press('Shift+Tab');
  const card = page.getByTestId('signature-card');
  await expect(card.locator('summary')).toBeFocused();
  await page.keyboard.press('Enter');
  await expect(card).toHaveAttribute('open', '');
  await page.keyboard.press('Tab');
  await expect(card.getByRole('link')).toBeFocused();
});

test('HTML in a message is text, at once and after a reload', async ({ autopilot }) => {
  const trouble = new PageTrouble(autopilot.page.context());
  const text = 'remember that <img src=x onerror="alert(1)"><b>bold</b> & </p><script>alert(2)</script>';
  await autopilot.send(text);
  const shown = autopilot.messages.first().getByTestId('message-text');
  await expect(shown).toHaveText(text);
  await autopilot.goto();
  await expect(shown).toHaveText(text);
  await expect(autopilot.page.getByRole('log').locator('img, b, script')).toHaveCount(0);
  expect(trouble.seen).toEqual([]);
});

test('an empty message is not sent, and a longer one than allowed cannot be written', async ({
  autopilot,
}) => {
  await autopilot.input.fill('   ');
  await autopilot.input.press('Enter');
  await expect(autopilot.messages).toHaveCount(0);
  await expect(autopilot.input).toHaveAttribute('maxlength', '4000');
});

test('a session that ended meanwhile is said in words, and the text is kept', async ({ autopilot }) => {
  await autopilot.page.context().clearCookies();
  expect(await autopilot.send('still there?')).toMatchObject({ status: 'failed' });
  await expect(autopilot.answers.last().getByTestId('message-error')).toHaveText(
    'You are signed out. Load the page again to sign in.',
  );
  await expect(autopilot.input).toHaveValue('still there?');
});

test('on a narrow screen nothing scrolls sideways, however long a word is', async ({ autopilot }) => {
  await autopilot.page.setViewportSize({ width: 390, height: 800 });
  await autopilot.send(`remember that ${'x'.repeat(300)} is https://example.org/${'path/'.repeat(40)}`);
  await autopilot.openCard();
  const overflow = await autopilot.page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow).toBe(0);
  const log = autopilot.page.getByRole('log');
  expect(await log.evaluate(element => element.scrollWidth - element.clientWidth)).toBe(0);
});

test('two tabs of one user show one thread', async ({ autopilot }) => {
  const other = new AutopilotPage(await autopilot.page.context().newPage());
  await autopilot.send('remember that the blue folder is for taxes');
  await other.goto();
  await expect(other.messages).toHaveCount(2);
});
