import { randomUUID } from 'node:crypto';
import { DsePages } from '../../fixtures/dsePages.ts';
import { evalEnd } from '../../fixtures/evalEnd.ts';
import { IdWalk } from '../../fixtures/idWalk.ts';
import { passedSummary, phaseEvent, testEndEvent } from '../../fixtures/opsEvents.ts';
import { pooled } from '../../fixtures/pooled.ts';
import { expect, test } from '../../fixtures/releaseTest.ts';
import { ENOUGH } from '../../fixtures/smallDataset.ts';
import { selectToolId as signatureId } from '../../loop/catalog/ids.ts';
import type { CompileReport } from '../../loop/contract/compile.ts';
import { evalStart, opsRunEvent, opsRunFinish, rollback } from '../../loop/contract/endpoint.ts';
import type { OpsEvent } from '../../loop/contract/opsRun.ts';

test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'night-pages' });

test.describe('the pages of that night', () => {
  const address = '/dse/ops/night-1';

  test('are there once it is over', async ({ dse, release }) => {
    await release.promotedNight('night-1');
    const fromCompiledId = release.report.winnerCompiledId;
    const shaky = { testId: 'shaky', title: 'each message has its receipt', outcome: 'passed' as const };
    await dse.call(opsRunEvent, {
      runId: 'night-1',
      events: [testEndEvent(shaky), compilePhase(release.report)],
    });
    await dse.call(rollback, { signatureId, runId: 'night-1', fromCompiledId, reason: 'users complained' });
    await dse.call(opsRunFinish, passedSummary('night-1'));
  });

  test('tell its story: the verdict, the gain, the prompt, the flips, the canary, the tests', async ({
    page,
    viewerLink,
    trouble,
    release,
  }) => {
    await page.goto(viewerLink);
    await page.getByRole('heading', { level: 2 }).locator(`a[href="${address}"]`).click();
    await expect(page).toHaveURL(address);
    const { gate } = release.report;
    const main = page.getByRole('main');
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/rolled back/i);
    await expect(main).toContainText('users complained');
    await expect(main).toContainText(`${((gate?.before ?? 0) * 100).toFixed(1)} %`);
    await expect(main).toContainText(`${((gate?.after ?? 0) * 100).toFixed(1)} %`);
    await expect(main).toContainText(release.lastShot());
    await expect(main).toContainText('each message has its receipt');
    await expect(main.getByRole('img', { name: /^Wrong answers: canary \d+ of \d+, control/ })).toBeVisible();
    await expect(main.getByRole('img', { name: /^Failures: canary 0 of \d+, control/ })).toBeVisible();
    await expect(main).toContainText(`The search never saw these ${ENOUGH.holdout} examples`);
    expect(trouble.seen).toEqual([]);
  });

  test('and every page it leads to has a title of its own, its data as JSON, only links that work, and fits a narrow screen', async ({
    page,
    chatUser,
    viewerLink,
    trouble,
  }) => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.goto(viewerLink);
    const pages = new DsePages(page);
    const addresses = await pages.oneOfEachKind(address);
    expect(addresses.map(path => path.split('/').slice(0, 3).join('/')).sort()).toEqual([
      '/dse',
      '/dse/artifact',
      '/dse/canary',
      '/dse/compile-job',
      '/dse/compile-report',
      '/dse/dataset',
      '/dse/ops',
      '/dse/receipt',
      '/dse/request',
      '/dse/sign-out',
      '/dse/signature',
    ]);
    const titles = new Set<string>();
    for (const path of addresses.filter(path => path !== '/dse/sign-out')) {
      await page.goto(path);
      await expect(page).toHaveTitle(/^\S.+ · Overnight$/);
      titles.add(await page.title());
      const data = await page.getByRole('link', { name: 'This page as JSON' }).getAttribute('href');
      const answer = await page.request.get(new URL(data ?? '', page.url()).href);
      expect(await answer.json(), path).toEqual(expect.any(Object));
    }
    expect(titles.size, 'no two pages have the same title').toBe(addresses.length - 1);
    const { requestId } = await (await chatUser('read-about')).ask('hello');
    await page.goto(`/dse/request/${requestId}`);
    const chatReceipts = (await pages.links()).filter(url => url.includes('/dse/receipt/'));
    expect(chatReceipts, 'one of the choice, one of the answer').toHaveLength(2);
    const links = new Set<string>();
    for (const path of [...addresses, ...chatReceipts]) {
      expect.soft((await page.goto(path))?.status(), path).toBe(200);
      await expect.soft(page.getByRole('heading', { level: 1 }), path).toHaveCount(1);
      expect.soft(await pages.overflow(), `${path} scrolls sideways`).toBe(0);
      expect.soft(await pages.brokenFragments(), path).toEqual([]);
      for (const link of await pages.links()) links.add(link);
    }
    const statuses = await pooled(
      [...links],
      async url => [url, (await page.request.get(url)).status()] as const,
    );
    expect(statuses.filter(([, status]) => status !== 200)).toEqual([]);
    expect(trouble.seen).toEqual([]);
  });

  test('link every id they show, and every address they link to answers', async ({
    page,
    dse,
    chatUser,
    viewerLink,
    release,
  }) => {
    const user = await chatUser('who-is-linked');
    const asked = await user.ask('hello');
    const recap = await user.recap({ budget: 'small' });
    const [traced] = recap.flatMap(event => (event.type === 'card' ? [event.card] : []));
    const { eval: evaluation } = await dse.call(evalStart, { signatureId, split: 'dev', runId: 'night-1' });
    await evalEnd(dse, evaluation.evalId);
    const bare = `req_${randomUUID()}`;
    const requests = [asked.requestId, bare].map(requestId => {
      return { requestId, method: 'GET', path: `/api/dse/receipt/${asked.receiptId}`, status: 200 };
    });
    const linked = { testId: 'linked', title: 'every id is a link', outcome: 'passed' as const, requests };
    await dse.call(opsRunEvent, { runId: 'night-1', events: [testEndEvent(linked)] });

    await page.goto(viewerLink);
    const { controlCompiledId, candidates, datasetHash } = release.report;
    const hashes = (full: readonly string[]) => [...full, ...full.map(hash => hash.slice(7, 15))];
    const walk = new IdWalk(page, {
      night: ['night-1'],
      artifact: hashes([controlCompiledId, ...candidates.map(({ compiledId }) => compiledId)]),
      revision: hashes([datasetHash]),
      row: release.rows.map(({ exampleId }) => exampleId),
    });
    const { pages, ids, broken } = await walk.from(
      '/dse',
      address,
      `/dse/receipt/${asked.receiptId}`,
      `/dse/receipt/${traced?.receiptId}`,
    );
    expect(broken).toEqual([]);
    expect(ids.filter(({ href }) => href === null)).toEqual([]);

    // That none was found without a link says something only if ids are found: all kinds, every row, and on a page without links.
    const kinds = 'artifact canary evaluation job night receipt report request revision row trace';
    expect([...new Set(ids.map(({ kind }) => kind))].sort()).toEqual(kinds.split(' '));
    const rows = new Set(ids.filter(({ kind }) => kind === 'row').map(({ id }) => id));
    expect(rows.size).toBe(release.rows.length);
    expect(pages.length).toBeGreaterThan(2 * release.rows.length);
    const html = await (await page.request.get(address)).text();
    const { shown } = await walk.read(address, html.replaceAll('<a ', '<b '));
    expect(shown).toEqual(ids.filter(id => id.page === address).map(id => ({ ...id, href: null })));
  });

  test('can be read without JavaScript, and as JSON', async ({
    app,
    browser,
    viewerLink,
    request,
    credentials,
    release,
  }) => {
    const context = await browser.newContext({ baseURL: app.siteUrl, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(viewerLink);
    await page.goto(address);
    await expect(page.getByRole('heading', { level: 1 })).toContainText(/rolled back/i);
    await expect(page.getByRole('main')).toContainText(release.lastShot());
    await expect(page.getByRole('img', { name: /^Wrong answers: canary/ })).toBeVisible();
    await context.close();
    const json = await request.get(`${address}?format=json`, {
      headers: { authorization: `Bearer ${credentials.admin}` },
    });
    const { night, canaries, courses } = await json.json();
    expect(night).toMatchObject({ runId: 'night-1', verdict: 'rolled_back' });
    const { correct, wrong } = canaries[0].counts.canary;
    expect(courses[0].wrong.length, 'the course has its points').toBeGreaterThan(20);
    expect(courses[0].wrong.at(-1)).toMatchObject({ canary: { bad: wrong, good: correct } });
    expect(courses[0].wrong.at(-1).passesTo, 'the canary passed').toBeGreaterThanOrEqual(wrong);
  });

  test('have no control that changes anything', async ({ page, viewerLink }) => {
    await page.goto(viewerLink);
    await page.goto(address);
    await expect(page.locator('form, button, input, select, textarea')).toHaveCount(0);
  });
});

/** What the compile phase puts on record. */
function compilePhase(report: CompileReport): OpsEvent {
  const { reportId, jobId, decision, progress } = report;
  const { candidates, modelCalls, cachedCalls, tokens } = progress;
  const data = { jobId, reportId, decision, candidates, modelCalls, cachedCalls, tokens };
  return { ...phaseEvent('compile'), eventId: 'phase-compile-with-facts', data } as OpsEvent;
}
