import { expect, test } from '../../fixtures/deployedTest.ts';
import { noteEvent, phaseEvent, testEndEvent } from '../../fixtures/opsEvents.ts';
import { opsRunEvent, opsRunFinish, opsRunStart } from '../../loop/contract/endpoint.ts';

// Pages of nights that need no compile; the story of a whole night is told in nightPages.spec.ts, where one has run. The first
// tests need a deployment on which none has.
test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'pages' });

test('without the viewer role /dse shows nothing but how to get in', async ({
  page,
  trouble,
  chatUser,
  context,
}) => {
  for (const path of ['/dse', '/dse/ops/some-night', '/dse/receipt/some-receipt', '/dse/nothing']) {
    const answer = await page.goto(path);
    expect(answer?.status(), path).toBe(401);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('Sign in to read this page');
    await expect(page.getByRole('main')).toContainText('npm run dev');
  }
  const { token } = await chatUser('reader');
  await context.addCookies([{ name: 'oa_viewer', value: token, url: page.url() }]);
  expect((await page.goto('/dse'))?.status(), 'a chat user is no viewer').toBe(401);
  // The browser itself reports every answer above 399 on the console.
  expect(trouble.seen.filter(line => !line.includes('401'))).toEqual([]);
});

test('a link signs a viewer in, and the first page says that no night has run yet', async ({
  page,
  trouble,
  viewerLink,
}) => {
  await page.goto(viewerLink);
  await expect(page).toHaveURL('/dse');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What improved overnight');
  await expect(page.getByRole('main')).toContainText('No night has run here yet.');
  await expect(page.getByRole('main')).toContainText('npm run overnight');
  expect((await page.goto('/autopilot'))?.status()).toBe(200);
  await expect(page.getByRole('main'), 'a viewer is no chat user').toHaveAttribute('data-signed-in', 'false');
  expect(trouble.seen).toEqual([]);
});

test('pages that are not there say so, in words, with a 404', async ({ page, viewerLink }) => {
  await page.goto(viewerLink);
  const paths = [
    '/dse/ops/no-such-night',
    '/dse/receipt/no-such-receipt',
    '/dse/request/no-such-request',
    '/dse/compile-report/no-such-report',
    '/dse/artifact/no-such-artifact',
    '/dse/signature/no-such-signature',
    '/dse/no-such-page',
  ];
  for (const path of paths) {
    const answer = await page.goto(path);
    expect.soft(answer?.status(), path).toBe(404);
    await expect.soft(page.getByRole('heading', { level: 1 }), path).toContainText(/no |not /i);
    await expect.soft(page.getByRole('main'), path).toContainText(path.slice(path.lastIndexOf('/') + 1));
  }
});

test('a running night is live: what happens next appears by itself', async ({
  page,
  dse,
  unique,
  viewerLink,
  trouble,
}) => {
  await dse.call(opsRunStart, { runId: unique });
  await page.goto(viewerLink);
  await page.getByRole('listitem').getByRole('link').first().click();
  await expect(page).toHaveURL(`/dse/ops/${unique}`);
  await expect(page.locator('main')).toHaveAttribute('data-live', 'true');
  await dse.call(opsRunEvent, {
    runId: unique,
    events: [
      phaseEvent('preflight'),
      { ...noteEvent('news', 1), message: 'The coffee <b>is</b> ready.' },
      testEndEvent({ testId: 't1', title: 'the target answers', outcome: 'passed' }),
      testEndEvent({ testId: 't2', title: 'the <i>lease</i> is free', outcome: 'failed' }),
    ],
  });
  await dse.call(opsRunFinish, {
    runId: unique,
    counts: { passed: 1, failed: 1, flaky: 0, skipped: 0, did_not_run: 0, interrupted: 0 },
    failingTests: ['the <i>lease</i> is free'],
    durationMs: 20,
    status: 'failed',
  });
  await expect(page.getByText('The coffee <b>is</b> ready.')).toBeVisible();
  await expect(page.getByText('the <i>lease</i> is free').first()).toBeAttached();
  await expect(page.locator('main'), 'a night that is over').not.toHaveAttribute('data-live', 'true');
  expect(trouble.seen).toEqual([]);
});
