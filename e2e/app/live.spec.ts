import { expect, test } from '../../fixtures/deployedTest.ts';
import { startEmbeddedProcess } from '../../fixtures/embedded/embeddedProcess.ts';
import { noteEvent, passedSummary, phaseEvent } from '../../fixtures/opsEvents.ts';
import { steadyAddress } from '../../fixtures/steadyAddress.ts';
import { routeTicket } from '../../loop/catalog/routeTicket.ts';
import { opsRunEvent, opsRunFinish, opsRunStart, opsToken } from '../../loop/contract/endpoint.ts';
import { phases } from '../../loop/contract/phase.ts';

// A page of a night that runs.

test('what happens is on the page within two seconds, without a reload', async ({
  page,
  dse,
  unique,
  viewerLink,
  trouble,
}) => {
  await dse.call(opsRunStart, { runId: unique });
  await page.goto(viewerLink);
  await page.goto(`/dse/ops/${unique}`);
  await expect(page.locator('#live-status')).toContainText('Updated at');
  await page.evaluate(() => {
    document.body.dataset.loaded = 'once';
  });
  for (const seq of [1, 2, 3]) {
    await dse.call(opsRunEvent, { runId: unique, events: [noteEvent(`news-${seq}`, seq)] });
    await expect(page.getByText(`note ${seq}`)).toBeVisible({ timeout: 2_000 });
  }
  await expect(page.locator('body'), 'the page was not loaded again').toHaveAttribute('data-loaded', 'once');
  expect(trouble.seen).toEqual([]);
});

test('a page that has lost the server says so and since when, and is up to date once it is back', async ({
  page,
}) => {
  test.slow();
  let backend = await startEmbeddedProcess();
  const { stateDir } = backend;
  const site = await steadyAddress(backend.siteUrl);
  const runId = 'night-of-the-kill';
  await backend.dse.call(opsRunStart, { runId });
  const { token } = await backend.dse.call(opsToken, { role: 'viewer' });
  await page.goto(`${site.url}/api/auth/link?token=${token}`);
  await page.goto(`${site.url}/dse/ops/${runId}`);
  const status = page.locator('#live-status');
  await expect(status).toContainText('Updated at');

  await backend.kill();
  await expect(status).toHaveText(/^Connection lost, last updated \d\d:\d\d:\d\d, trying again\.$/);
  await expect(page.getByRole('status').filter({ hasText: 'Connection lost' })).toBeAttached();

  backend = await startEmbeddedProcess(stateDir);
  site.leadTo(backend.siteUrl);
  await backend.dse.call(opsRunEvent, { runId, events: [noteEvent('while-you-were-away', 7)] });
  await expect(page.getByText('note 7')).toBeVisible();
  await expect(status).toHaveText(/^Live\. Updated at/);
  site.close();
  await backend.stop();
});

test('a running night says about how long it still takes once an earlier one has told', async ({
  page,
  dse,
  unique,
  viewerLink,
}) => {
  const signatureId = routeTicket.id;
  await page.goto(viewerLink);
  const first = `${unique}-first`;
  await dse.call(opsRunStart, { runId: first, signatureId });
  await page.goto(`/dse/ops/${first}`);
  await expect(page.getByRole('main')).toContainText('Running');
  await expect(page.getByRole('main'), 'nothing is known yet').not.toContainText('left');
  const begun = Date.now();
  const events = phases.map((phase, i) => ({
    ...phaseEvent(phase),
    at: begun + (i + 1) * 5 * 60_000,
  }));
  await dse.call(opsRunEvent, { runId: first, events });
  await dse.call(opsRunFinish, passedSummary(first));

  const second = `${unique}-second`;
  await dse.call(opsRunStart, { runId: second, signatureId });
  await dse.call(opsRunEvent, { runId: second, events: [phaseEvent('preflight')] });
  await page.goto(`/dse/ops/${second}`);
  await expect(page.getByRole('main')).toContainText('The seed phase is under way, about 30 min left');
  await dse.call(opsRunFinish, passedSummary(second));
  await expect(page.getByRole('main')).not.toContainText('min left');
});

test('a page whose session ends says that, not that the connection is lost', async ({
  page,
  dse,
  unique,
  viewerLink,
}) => {
  await dse.call(opsRunStart, { runId: unique });
  await page.goto(viewerLink);
  await page.goto(`/dse/ops/${unique}`);
  const status = page.locator('#live-status');
  await expect(status).toContainText('Updated at');
  await page.context().clearCookies();
  await expect(status).toHaveText(
    /^Signed out, last updated \d\d:\d\d:\d\d\. Load the page again to sign in\.$/,
  );
  await expect(page.getByRole('status').filter({ hasText: 'Signed out' })).toBeAttached();
});
