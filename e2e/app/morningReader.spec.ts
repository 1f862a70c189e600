import type { Page } from '@playwright/test';
import { compileEnd } from '../../fixtures/compileEnd.ts';
import { passedSummary } from '../../fixtures/opsEvents.ts';
import { test as base, expect } from '../../fixtures/releaseTest.ts';
import { rowsWithoutSense } from '../../fixtures/rowsWithoutSense.ts';
import { compilePhase, wholeNight } from '../../fixtures/wholeNight.ts';
import { routeTicket } from '../../loop/catalog/routeTicket.ts';
import {
  compileStart,
  examplesImport,
  opsRunEvent,
  opsRunFinish,
  opsRunStart,
} from '../../loop/contract/endpoint.ts';

// Somebody who has only the link, no JavaScript and no knowledge of the system reads what a night did. Everything is asked of the
// text that they see, and compared with what the API knows.
base.describe.configure({ mode: 'serial' });
base.use({ deployment: 'morning-reader', javaScriptEnabled: false });

/** Text as read: folded parts are left out, spaces are all alike, and none stands before a colon. */
const test = base.extend<{ read: (runId: string) => Promise<string> }>({
  read: async ({ page, viewerLink }, use) =>
    use(async runId => {
      await page.goto(viewerLink);
      await page.locator(`a[href="/dse/ops/${runId}"]`).first().click();
      return await textOf(page);
    }),
});

async function textOf(page: Page): Promise<string> {
  return (await page.getByRole('main').innerText()).replace(/\s+/g, ' ').replaceAll(' :', ':');
}

test('of a promoted night the text tells what improved, by how much, and why it was safe', async ({
  dse,
  functions,
  release,
  read,
}) => {
  const runId = 'night-that-promotes';
  const { report } = release;
  await wholeNight({ dse, functions, release }, runId);

  const text = await read(runId);
  const { gate } = report;
  const right = (share = 0) => Math.round(share * (gate?.n ?? 0));
  const points = (share = 0) => `${(share * 100).toFixed(1).replace('.0', '').replace('-', '−')}`;

  expect(text, 'what improved').toContain(
    `Promoted: SelectTool now answers ${right(gate?.after)} of ${gate?.n} holdout examples right, was ${right(gate?.before)}`,
  );
  expect(text, 'what changed').toMatch(/What the new prompt changes \d+ lines? added, \d+ lines? removed/);
  expect(text).toContain(release.lastShot());
  expect(text, 'by how much').toContain(
    `+${points(gate?.gain)} points, 95 % interval +${points(gate?.interval.low)} to +${points(gate?.interval.high)}`,
  );
  expect(text, 'why it was safe').toContain('Why it was safe');
  expect(text).toMatch(
    new RegExp(
      `The search never saw these ${gate?.n} examples.* Chance alone would hardly show such a gain \\(paired test: p .*, at most .* allowed\\)`,
    ),
  );
  expect(text).toContain("Users with today's prompt: 60 messages, 0 failed, 42 of 60 judged answers right.");
  expect(text).toContain('Users with the new one: 60 messages, 0 failed, 60 of 60 judged answers right.');
  expect(text).toContain('Verdict: pass.');
  expect(text).toContain('With the new prompt for everybody, 36 answers were watched and 0 failed.');
});

test('of a night that found nothing the text tells that nothing was changed, and why', async ({
  dse,
  read,
}) => {
  const runId = 'night-that-keeps';
  const signatureId = routeTicket.id;
  await dse.call(opsRunStart, { runId, signatureId });
  await dse.call(examplesImport, { signatureId, examples: rowsWithoutSense() });
  const { job } = await dse.call(compileStart, { signatureId, runId });
  const { report } = await compileEnd(dse, job.jobId);
  if (!report) throw new Error(`Compile ${job.jobId} has no report.`);
  await dse.call(opsRunEvent, { runId, events: [compilePhase(report)] });
  await dse.call(opsRunFinish, passedSummary(runId));

  const text = await read(runId);
  expect(text).toContain('Kept: RouteTicket stays as it was. The best new prompt');
  expect(text, 'why').toMatch(/could be chance|was worse|proves nothing/);
  expect(text).toContain(report.reason);
  expect(text).toContain("Nothing was changed: today's prompt stays.");
  expect(text).not.toContain('What changed in the prompt');
  expect(text).not.toContain('What the new prompt changes');
  expect(text).toContain('Canary. No canary was started: no user got another prompt.');
  expect(text).toContain('Not reached: nothing was promoted.');
});
