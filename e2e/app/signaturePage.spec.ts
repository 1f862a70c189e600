import { accessibilityViolations } from '../../fixtures/axe.ts';
import { DsePages } from '../../fixtures/dsePages.ts';
import { expect, test } from '../../fixtures/releaseTest.ts';
import { examplesImport, rollback } from '../../loop/contract/endpoint.ts';

// What a signature runs now, and how it came to that.
test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'signature-page' });

const percents = (share = 0) => `${Number((share * 100).toFixed(1))}\u00a0%`;

test('a promotion stands with its score before and after, its interval, and the labels behind it', async ({
  page,
  release,
  viewerLink,
  trouble,
}) => {
  const canaryId = await release.promotedNight('night-1');
  const { gate, reportId } = release.report;
  await page.goto(viewerLink);
  await page.goto(`/dse/signature/${release.signatureId}`);
  const moves = page.locator('#moves');
  await expect(moves).toContainText(`${percents(gate?.before)} to ${percents(gate?.after)}`);
  await expect(moves).toContainText(/\+[\d.]+ points, 95\u00a0% interval \+?[\d.−]+ to \+[\d.]+; n = 40/);
  const address = (id: string) => new RegExp(`/${id}$`);
  await expect(moves.getByRole('link', { name: 'report' })).toHaveAttribute('href', address(reportId));
  await expect(moves.getByRole('link', { name: 'canary' })).toHaveAttribute('href', address(canaryId));
  const labels = page.locator('#labels').getByRole('row');
  await expect(labels).toHaveCount(1 + (gate?.perLabel.length ?? 0));
  for (const { label, before, after } of gate?.perLabel ?? [])
    await expect(labels.filter({ hasText: label })).toContainText(`${percents(before)}${percents(after)}`);
  await expect(page.locator('#canaries').getByRole('link', { name: 'night-1' })).toBeVisible();
  expect(await accessibilityViolations(page)).toEqual([]);
  await page.setViewportSize({ width: 390, height: 800 });
  expect(await new DsePages(page).overflow(), 'on a phone').toBe(0);
  expect(trouble.seen).toEqual([]);
});

test('the same is there as JSON', async ({ page, release, viewerLink }) => {
  await page.goto(viewerLink);
  const json = await (await page.request.get(`/dse/signature/${release.signatureId}?format=json`)).json();
  const { fixed: _, broken: __, ...figures } = release.report.gate ?? {};
  expect(json.gate).toEqual(figures);
  expect(json.moves.rows[0]).toMatchObject({ action: 'promote', runId: 'night-1', gate: figures });
});

test('after a rollback the default runs, which has no promotion to show, and the move is kept', async ({
  page,
  dse,
  release,
  viewerLink,
}) => {
  const { signatureId, report } = release;
  await dse.call(rollback, {
    signatureId,
    runId: 'night-1',
    fromCompiledId: report.winnerCompiledId,
    reason: 'users complained',
  });
  await page.goto(viewerLink);
  await page.goto(`/dse/signature/${signatureId}`);
  await expect(page.locator('#moves').getByRole('row').nth(1)).toContainText('rolled back');
  await expect(page.locator('#moves').getByRole('row').nth(1)).toContainText('users complained');
  await expect(page.locator('#moves').getByRole('row').nth(2)).toContainText('promoted');
  await expect(page.locator('#labels')).toHaveCount(0);
});

test('a long list goes on over pages, each line once', async ({ page, dse, release, viewerLink }) => {
  const { signatureId, rows } = release;
  const hashes = [release.report.datasetHash];
  for (let i = 0; i < 24; i++) {
    const [row] = rows;
    const { datasetHash } = await dse.call(examplesImport, {
      signatureId,
      examples: row ? [{ ...row, tags: [`edit-${i}`] }] : [],
    });
    hashes.unshift(datasetHash);
  }
  await page.goto(viewerLink);
  await page.goto(`/dse/signature/${signatureId}`);
  const seen = async () =>
    await page
      .locator('#revisions')
      .getByRole('row')
      .getByRole('link')
      .evaluateAll(links => links.map(link => link.getAttribute('title')));
  const newest = await seen();
  expect(newest).toEqual(hashes.slice(0, 20));
  await page.locator('#revisions').getByRole('link', { name: 'Older ones' }).click();
  await expect(page).toHaveURL(/#revisions$/);
  expect(await seen()).toEqual(hashes.slice(20));
  await expect(page.locator('#revisions').getByRole('link', { name: 'Older ones' })).toHaveCount(0);
  await page.getByRole('link', { name: 'This page as JSON' }).click();
  const { revisions } = JSON.parse((await page.locator('body').textContent()) ?? '');
  expect(revisions.rows.map((row: { datasetHash: string }) => row.datasetHash)).toEqual(hashes.slice(20));
});
