import { expect, test } from '../../fixtures/releaseTest.ts';
import { openStill, renderingOf } from '../../fixtures/stillPage.ts';
import { wholeNight } from '../../fixtures/wholeNight.ts';

// Pictures of the pages that hardly change, as they were when somebody last looked at them. After a wanted change look again:
//   npx playwright test --project=app e2e/app/snapshots.spec.ts --update-snapshots
test.describe.configure({ mode: 'serial' });
test.use({
  deployment: 'snapshots',
  viewport: { width: 1_120, height: 760 },
  timezoneId: 'UTC',
});

/** What the pictures were taken with: Debian's Chromium and its fonts. */
const RENDERING = 'Chromium 156 on linux, widths 2125.6 1867.9 2227.6';
const night = '/dse/ops/night-of-the-pictures';
/** Drawn from what the search found. */
const found = '.gain-bar';

test.beforeEach(async ({ page, viewerLink }) => {
  const rendering = await renderingOf(page);
  test.skip(
    rendering !== RENDERING,
    `The pictures were taken with ${RENDERING}; this machine has ${rendering}, which draws them differently.`,
  );
  await page.goto(viewerLink);
});

test('a night that promoted is there to be looked at', async ({ page, dse, functions, release }) => {
  await wholeNight({ dse, functions, release }, 'night-of-the-pictures');
  await openStill(page, night);
  await expect(page).toHaveScreenshot('night.png', { mask: [page.locator(found)] });
});

test('the list of nights looks as it did', async ({ page }) => {
  await openStill(page, '/dse');
  await expect(page).toHaveScreenshot('nights.png');
});

test('a night looks as it did in the dark, on paper and on a telephone', async ({ page }) => {
  await page.emulateMedia({ colorScheme: 'dark' });
  await openStill(page, night);
  await expect(page).toHaveScreenshot('night-dark.png', { mask: [page.locator(found)] });
  await page.emulateMedia({ colorScheme: 'light', media: 'print' });
  await expect(page).toHaveScreenshot('night-print.png', { mask: [page.locator(found)] });
  await page.emulateMedia({ media: 'screen' });
  await page.setViewportSize({ width: 390, height: 760 });
  await openStill(page, night);
  await expect(page).toHaveScreenshot('night-narrow.png', { mask: [page.locator(found)] });
});

test('a canary looks as it did, in light and dark', async ({ page }) => {
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme });
    await openStill(page, night);
    const courses = page.locator('#canary .courses');
    // Alone, as what stands above it may push it by a part of a pixel.
    await courses.evaluate(element => document.querySelector('main')?.replaceChildren(element));
    await expect(page.locator('main')).toHaveScreenshot(`canary-${colorScheme}.png`);
  }
});

test('the way in looks as it did, on a telephone too', async ({ page }) => {
  await openStill(page, '/dse/sign-in');
  await expect(page).toHaveScreenshot('sign-in.png');
  await page.setViewportSize({ width: 390, height: 760 });
  await expect(page).toHaveScreenshot('sign-in-narrow.png');
});
