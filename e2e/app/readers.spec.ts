import { expect, test } from '../../fixtures/deployedTest.ts';
import { opsRunFinish, opsRunStart } from '../../loop/contract/endpoint.ts';

// How people get in and out of the pages, and find a night in the list.
test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'readers' });

test('a link that is not valid any more shows how to get in, and says why', async ({ page }) => {
  const answer = await page.goto('/api/auth/link?token=made-up');
  expect(answer?.status()).toBe(401);
  await expect(page.getByRole('alert')).toContainText('not valid any more');
  await expect(page.getByLabel('Link or token')).toBeVisible();
});

test('a pasted link or token signs a reader in, without JavaScript too, and signing out ends it', async ({
  app,
  browser,
  credentials,
  viewerLink,
}) => {
  const context = await browser.newContext({ baseURL: app.siteUrl, javaScriptEnabled: false });
  const page = await context.newPage();
  for (const pasted of [credentials.viewer, viewerLink]) {
    await page.goto('/dse');
    await page.getByLabel('Link or token').fill(`  ${pasted} `);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await expect(page).toHaveURL('/dse');
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('What improved overnight');
    await page.getByRole('link', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await expect(page.getByRole('heading', { level: 1 })).toHaveText('You are signed out');
    expect((await page.goto('/dse'))?.status()).toBe(401);
  }
  await context.close();
});

for (const [name, token] of [
  ['nothing', ''],
  ['a made-up token', 'e30.e30.e30'],
  ['a link to elsewhere', 'https://example.com/?token=e30.e30.e30'],
] as const) {
  test(`a form with ${name} is refused and sets no cookie`, async ({ request }) => {
    const answer = await request.post('/dse/sign-in', { form: { token } });
    expect(answer.status()).toBe(401);
    expect(answer.headers()['set-cookie']).toBeUndefined();
  });
}

test('the list is narrowed down by outcome and signature, and says when nothing fits', async ({
  page,
  dse,
  unique,
  viewerLink,
}) => {
  const counts = { passed: 1, failed: 0, flaky: 0, skipped: 0, did_not_run: 0, interrupted: 0 };
  const signatureId = '@openagents/autopilot/blueprint/SelectTool.v1';
  await dse.call(opsRunStart, { runId: `${unique}-kept`, signatureId });
  await dse.call(opsRunFinish, {
    runId: `${unique}-kept`,
    counts,
    failingTests: [],
    durationMs: 5,
    status: 'passed',
  });
  await dse.call(opsRunStart, { runId: `${unique}-plain` });
  await page.goto(viewerLink);
  const nights = page.getByRole('article');
  const choose = (name: string) => page.getByRole('navigation', { name: 'Which nights' }).getByText(name);
  await expect(nights).toHaveCount(2);
  await choose('Kept').click();
  await expect(nights).toHaveCount(1);
  await expect(nights).toContainText('Kept');
  await choose('SelectTool').click();
  await expect(nights).toHaveCount(1);
  await choose('Running').click();
  await expect(page.getByRole('main')).toContainText('No night is like this.');
  await page.getByRole('link', { name: 'Show all nights' }).click();
  await expect(nights).toHaveCount(2);
});

test('times are in the zone of the reader, with UTC at hand', async ({ app, browser, viewerLink }) => {
  const context = await browser.newContext({ baseURL: app.siteUrl, timezoneId: 'Asia/Tokyo' });
  const page = await context.newPage();
  await page.goto(viewerLink);
  const time = page.locator('time').first();
  await expect(time).not.toContainText('UTC');
  const { shown, stamp } = await time.evaluate(element => ({
    shown: element.textContent ?? '',
    stamp: (element as HTMLTimeElement).dateTime,
  }));
  const tokyo = new Date(Date.parse(stamp) + 9 * 3_600_000).toISOString();
  expect(shown).toBe(tokyo.slice(0, 16).replace('T', ' '));
  await expect(time).toHaveAttribute('title', /UTC$/);
  await context.close();
});
