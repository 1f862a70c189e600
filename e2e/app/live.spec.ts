import type { Page } from '@playwright/test';
import { startEmbeddedProcess } from '../../fixtures/embedded/embeddedProcess.ts';
import { noteEvent, passedSummary, phaseEvent } from '../../fixtures/opsEvents.ts';
import { expect, test } from '../../fixtures/releaseTest.ts';
import { ENOUGH, smallDataset } from '../../fixtures/smallDataset.ts';
import { steadyAddress } from '../../fixtures/steadyAddress.ts';
import { routeTicket } from '../../loop/catalog/routeTicket.ts';
import type { ApiClient } from '../../loop/contract/client.ts';
import {
  compileCancel,
  compileStart,
  examplesImport,
  opsRunEvent,
  opsRunFinish,
  opsRunStart,
  opsToken,
} from '../../loop/contract/endpoint.ts';
import { phases } from '../../loop/contract/phase.ts';

// A page of what is under way.

/** Requests of the page whose path ends like this. */
function countOf(page: Page, ending: string): { readonly count: number } {
  const seen = { count: 0 };
  page.on('request', request => {
    if (new URL(request.url()).pathname.endsWith(ending)) seen.count++;
  });
  return seen;
}

/** Lets three things happen in a night, one after the other, and waits for each on the page, which must not be loaded again. */
async function seesNews(page: Page, dse: ApiClient, runId: string, from = 1): Promise<void> {
  await page.evaluate(() => {
    document.body.dataset.loaded = 'once';
  });
  for (const seq of [from, from + 1, from + 2]) {
    await dse.call(opsRunEvent, { runId, events: [noteEvent(`news-${seq}`, seq)] });
    // Sooner than the page loads itself again, which it does every 15 s: that alone would not do.
    await expect(page.getByText(`note ${seq}`)).toBeVisible({ timeout: 5_000 });
  }
  await expect(page.locator('body'), 'the page was not loaded again').toHaveAttribute('data-loaded', 'once');
}

test('what happens is told by the deployment itself: it is on the page at once, and nobody asks', async ({
  page,
  dse,
  unique,
  viewerLink,
  trouble,
}) => {
  await dse.call(opsRunStart, { runId: unique });
  await page.goto(viewerLink);
  const asked = countOf(page, '/pulse');
  const told = page.waitForEvent('websocket').then(socket => socket.waitForEvent('framereceived'));
  await page.goto(`/dse/ops/${unique}`);
  await told;
  await expect(page.locator('#live-status')).toContainText('Updated at');
  await seesNews(page, dse, unique);
  const before = asked.count;
  await expect.poll(() => page.locator('#live-status').textContent()).toContain('Updated at');
  await seesNews(page, dse, unique, 4);
  expect(asked.count, 'a page that is told does not ask').toBe(before);
  expect(trouble.seen).toEqual([]);
});

test('where no socket gets through the page asks, and what happens is there within two seconds', async ({
  page,
  dse,
  unique,
  viewerLink,
}) => {
  await dse.call(opsRunStart, { runId: unique });
  await page.routeWebSocket(/.*/, socket => socket.close());
  await page.goto(viewerLink);
  const asked = countOf(page, '/pulse');
  await page.goto(`/dse/ops/${unique}`);
  await expect(page.locator('#live-status')).toContainText('Updated at');
  await seesNews(page, dse, unique);
  expect(asked.count).toBeGreaterThan(0);
});

test('a page that has lost the server says so and since when, and is up to date once it is back', async ({
  page,
}) => {
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
  await page.clock.install();
  await dse.call(opsRunStart, { runId: unique });
  await page.goto(viewerLink);
  await page.goto(`/dse/ops/${unique}`);
  const status = page.locator('#live-status');
  await expect(status).toContainText('Updated at');
  await page.context().clearCookies();
  // Told by the deployment it need not ask; it draws its durations anew four times a minute.
  await page.clock.fastForward(15_000);
  await expect(status).toHaveText(
    /^Signed out, last updated \d\d:\d\d:\d\d\. Load the page again to sign in\.$/,
  );
  await expect(page.getByRole('status').filter({ hasText: 'Signed out' })).toBeAttached();
});

test('a canary and a compile job are followed like a night', async ({
  page,
  dse,
  release,
  unique,
  viewerLink,
  trouble,
}) => {
  const [status, heading] = [page.locator('#live-status'), page.getByRole('heading', { level: 1 })];
  await page.goto(viewerLink);
  const { canary } = await release.open(unique);
  await page.goto(`/dse/canary/${canary.canaryId}`);
  await expect(status).toContainText('Updated at');
  await expect(heading).toContainText('so far');
  await release.stop();
  await expect(heading).not.toContainText('so far');
  await expect(status, 'it is over').toBeHidden();

  const { signatureId } = release;
  await dse.call(examplesImport, {
    signatureId,
    examples: smallDataset({ ...ENOUGH, train: ENOUGH.train + 1 }),
  });
  const { job } = await dse.call(compileStart, { signatureId });
  await page.goto(`/dse/compile-job/${job.jobId}`);
  await dse.call(compileCancel, { jobId: job.jobId });
  await expect(heading).toContainText(/was cancelled|is done/);
  await expect(status, 'it is over').toBeHidden();
  expect(trouble.seen).toEqual([]);
});
