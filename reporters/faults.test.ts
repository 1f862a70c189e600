import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '../fixtures/appTest.ts';
import { StoredTestReader } from '../fixtures/storedTests.ts';
import { InlineRun, reporterFile } from './testing/inlineProject.ts';

/** A short form for every day; OVERNIGHT_REPORTER_KILLS=50 kills more often, 10 s or so each. */
const KILLS = Number(process.env.OVERNIGHT_REPORTER_KILLS ?? 3);
const TESTS = 60;

test.describe.configure({ mode: 'default', timeout: 180_000 + KILLS * 20_000 });

// quick ones, slow ones, one that fails and one that is tried again
const SPEC = `
  for (let i = 0; i < ${TESTS}; i++)
    test('t' + i, async ({}, testInfo) => {
      await new Promise(done => setTimeout(done, i % 7));
      if (i % 10 === 3) expect(testInfo.retry).toBe(1);
    });
`;

/** A project that streams to the deployment, beside a reporter that writes the truth to a file at once. */
function projectOn(app: { siteUrl: string; secrets: { OA_DSE_ADMIN_SECRET: string } }) {
  // ours first: what the other has on record, ours has written ahead
  const truth = `['${reporterFile('testing/truthReporter.mjs')}', { file: 'truth.txt' }]`;
  const inline = new InlineRun(
    { spec: SPEC, behind: [truth], config: 'retries: 1, fullyParallel: true,' },
    { BASE_URL: app.siteUrl, OA_DSE_ADMIN_SECRET: app.secrets.OA_DSE_ADMIN_SECRET },
  );
  const told = (runId: string) => {
    const file = path.join(inline.dir, 'truth.txt');
    const lines = fs.existsSync(file) ? fs.readFileSync(file, 'utf8').trimEnd().split('\n') : [];
    return lines.filter(line => line.startsWith(`${runId} `)).map(line => line.slice(runId.length + 1));
  };
  return { inline, told };
}

async function storedOf(app: { url: string; stateDir: string }, runId: string): Promise<string[]> {
  const rows = await new StoredTestReader(app.url, app.stateDir).all(runId);
  const ended = rows.filter(row => row.status !== undefined);
  return ended.map(row => JSON.stringify([row.testId, row.retry, row.status])).sort();
}

test('killed at any moment, again and again, no result is lost and none is doubled', async ({ app }) => {
  const { inline, told } = projectOn(app);
  for (let kill = 0; kill < KILLS; kill++) {
    const DSE_RUN_ID = `kill-${kill}`;
    const { child, exit } = inline.start(['test'], { DSE_RUN_ID });
    const enough = Math.floor(Math.random() * TESTS);
    const ended = exit.then(() => true);
    while (told(DSE_RUN_ID).length < enough && !(await Promise.race([ended, pause(2)])));
    await pause(Math.random() * 40);
    child.kill('SIGKILL');
    await exit;
  }
  const last = await inline.run(['test'], { DSE_RUN_ID: 'last' });
  expect([last.code, last.stderr]).toEqual([0, '']);
  expect(await storedOf(app, 'last')).toEqual(told('last').sort());
  for (let kill = 0; kill < KILLS; kill++) {
    const [stored, truth] = [await storedOf(app, `kill-${kill}`), told(`kill-${kill}`)];
    expect(stored, 'none lost').toEqual(expect.arrayContaining(truth));
    expect(new Set(stored).size, 'none doubled').toBe(stored.length);
    // it may have died between our record and the other's
    expect(stored.length - truth.length, 'none made up').toBeLessThanOrEqual(1);
  }
  expect(inline.spooled()).toEqual([]);
});

test('two shards at once are one run, with every result once, and merging their reports makes no other', async ({
  app,
  request,
}) => {
  const { inline, told } = projectOn(app);
  const shards = ['1/2', '2/2'].map(shard =>
    inline.run(['test', '--shard', shard], { DSE_RUN_ID: 'sharded' }),
  );
  expect((await Promise.all(shards)).map(({ code, stderr }) => [code, stderr])).toEqual([
    [0, ''],
    [0, ''],
  ]);
  expect(await storedOf(app, 'sharded')).toEqual(told('sharded').sort());
  const page = await request.get('/dse/ops/sharded?format=json', {
    headers: { authorization: `Bearer ${app.secrets.OA_DSE_ADMIN_SECRET}` },
  });
  const { night } = await page.json();
  expect(night).toMatchObject({
    running: false,
    summary: { status: 'passed', counts: { passed: TESTS - 6, flaky: 6, failed: 0 } },
  });
});

function pause(ms: number): Promise<false> {
  return new Promise(done => setTimeout(() => done(false), ms));
}
