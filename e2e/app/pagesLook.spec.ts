import { accessibilityViolations, contrastViolations } from '../../fixtures/axe.ts';
import { expect, test } from '../../fixtures/deployedTest.ts';
import { DsePages } from '../../fixtures/dsePages.ts';
import { smallNight } from '../../fixtures/smallNight.ts';

// One small night; then every kind of page it leads to, as people with different eyes, screens and printers have it.
test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'look' });

/** The promise of the pages: light enough for a phone on a train. */
const MOST_BYTES = 150 * 1024;

let addresses: string[] = [];

test('a night leads to one page of each kind', async ({ page, dse, chatUser, viewerLink, unique }) => {
  const { runId, requestId } = await smallNight(dse, unique, chatUser);
  await page.goto(viewerLink);
  addresses = await new DsePages(page).oneOfEachKind(`/dse/ops/${runId}`);
  addresses.push(`/dse/request/${requestId}`, '/dse/sign-in', '/dse/sign-out', '/dse/no-such-page');
  expect(addresses.length).toBeGreaterThanOrEqual(10);
});

test('every page keeps WCAG 2.2 AA, and its contrast in the dark', async ({ page, viewerLink }) => {
  await page.goto(viewerLink);
  for (const address of addresses) {
    await page.goto(address);
    // What is folded away must keep the rules too.
    await page.evaluate(() => {
      for (const details of document.querySelectorAll('details')) details.open = true;
    });
    expect.soft(await accessibilityViolations(page), address).toEqual([]);
  }
  // All colours are on the night's page, and judging contrast is what takes the time.
  await page.emulateMedia({ colorScheme: 'dark' });
  await page.goto(addresses[0] ?? '');
  expect(await contrastViolations(page)).toEqual([]);
});

test('the chat keeps WCAG 2.2 AA, with an answer and its card open, in light and dark', async ({
  autopilot,
}) => {
  await autopilot.send('Please remember that I live in Lisbon.');
  await autopilot.openCard();
  for (const colorScheme of ['light', 'dark'] as const) {
    await autopilot.page.emulateMedia({ colorScheme });
    expect(await accessibilityViolations(autopilot.page), colorScheme).toEqual([]);
  }
});

test('a page weighs at most 150 KiB with its style and script', async ({ page, viewerLink }) => {
  await page.goto(viewerLink);
  for (const address of addresses) {
    const bodies: Promise<number>[] = [];
    const count = (response: { body(): Promise<Buffer> }) => bodies.push(response.body().then(b => b.length));
    page.on('response', count);
    await page.goto(address, { waitUntil: 'networkidle' });
    page.off('response', count);
    const bytes = (await Promise.all(bodies)).reduce((sum, n) => sum + n, 0);
    expect.soft(bytes, address).toBeLessThanOrEqual(MOST_BYTES);
  }
});

test('a printed night has no navigation and hides nothing that is folded away on the screen', async ({
  page,
  viewerLink,
}) => {
  await page.goto(viewerLink);
  await page.goto(addresses[0] ?? '');
  await page.emulateMedia({ media: 'print' });
  await expect(page.getByRole('navigation', { name: 'Site' })).toBeHidden();
  await expect(page.getByRole('heading', { level: 1 })).toBeVisible();
  await expect(page.getByText('expect(received).toBe(expected)')).toBeVisible();
});

test('a keyboard reaches the content first, and every link shows where it is', async ({
  page,
  viewerLink,
}) => {
  await page.goto(viewerLink);
  await page.goto(addresses[0] ?? '');
  await page.keyboard.press('Tab');
  await expect(page.locator(':focus')).toHaveText('Skip to content');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#main$/);
  await page.keyboard.press('Tab');
  const outline = await page.locator(':focus').evaluate(element => getComputedStyle(element).outlineStyle);
  expect(outline).not.toBe('none');
});
