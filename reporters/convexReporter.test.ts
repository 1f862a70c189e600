import fs from 'node:fs';
import path from 'node:path';
import { expect, test } from '@playwright/test';
import { nightResultSchema } from '../loop/contract/opsRun.ts';
import { InlineRun, reporterFile } from './testing/inlineProject.ts';
import { RecordingSink, SIGNATURE_ID, SINK_SECRET } from './testing/recordingSink.ts';

const EVERY_OUTCOME = `
  test.beforeEach(async ({}, testInfo) => {
    const seen = [{ requestId: 'req-' + testInfo.title.replaceAll(' ', '-'), method: 'GET', path: '/a', status: 200 }];
    await testInfo.attach('oa-request-ids', { contentType: 'application/json', body: JSON.stringify(seen) });
  });
  test('passes', { tag: '@quick' }, async () => {
    let tries = 0;
    await expect(() => expect(++tries).toBe(3)).toPass({ intervals: [1] });
  });
  test('fails', async () => { await test.step('outer', () => test.step('inner', () => expect(1, 'sum').toBe(2))); });
  test('fails as it should', async () => { test.fail(); expect(1).toBe(2); });
  test('passes but should fail', async () => { test.fail(); });
  test('is too late', async () => { test.setTimeout(100); await new Promise(() => {}); });
  test.skip('is skipped', async () => {});
  test('skips itself', async () => { test.skip(true, 'no moon tonight'); });
  test.describe('twice', () => {
    test.describe.configure({ retries: 1 });
    test('is flaky', async ({}, testInfo) => { expect(testInfo.retry).toBe(1); });
  });
  test.describe('chain', () => {
    test.describe.configure({ mode: 'serial' });
    test('breaks', async () => { throw new Error('x'.repeat(9000)); });
    test('comes after', async () => {});
  });
  test('attaches', async ({}, testInfo) => {
    await testInfo.attach('notes', { contentType: 'text/plain', body: 'four' });
    await testInfo.attach('oa-request-ids', { contentType: 'application/json', body: '{"not":"a list"}' });
  });
`;

test('should tell every outcome apart, live, beside other reporters, with the result as the last line', async () => {
  await using sink = await RecordingSink.open();
  const inline = new InlineRun(
    {
      spec: EVERY_OUTCOME,
      reporter: {
        night: { signatureId: SIGNATURE_ID },
        afterNight: ['To read it: npm run dev'],
        labels: { team: 'search' },
      },
      beside: [`['json', { outputFile: 'report.json' }]`, `['blob']`, `['html', { open: 'never' }]`],
      config: `globalTeardown: ${JSON.stringify(reporterFile('finish.ts'))},`,
    },
    {
      BASE_URL: sink.baseUrl,
      OA_DSE_ADMIN_SECRET: SINK_SECRET,
      DSE_RUN_ID: 'night-1',
      GITHUB_STEP_SUMMARY: 'summary.md',
      GITHUB_SHA: 'c0ffee',
    },
  );
  const { code, stdout, stderr } = await inline.run();
  expect(code).toBe(1);
  expect(stderr).toBe('');
  expect(sink.invalid).toEqual([]);
  expect(sink.outcomes()).toEqual({
    passes: ['passed'],
    fails: ['failed'],
    'fails as it should': ['passed'],
    'passes but should fail': ['failed'],
    'is too late': ['failed'],
    'is skipped': ['skipped'],
    'skips itself': ['skipped'],
    'twice › is flaky': ['failed', 'flaky'],
    'chain › breaks': ['failed'],
    'chain › comes after': ['did_not_run'],
    attaches: ['passed'],
  });
  expect(sink.finishes).toHaveLength(1);
  expect(sink.finishes[0]).toMatchObject({
    status: 'failed',
    counts: { passed: 3, failed: 4, flaky: 1, skipped: 2, did_not_run: 1, interrupted: 0 },
    failingTests: [
      expect.stringMatching(/^a\.spec\.ts › fails: Error: /),
      'a.spec.ts › passes but should fail: Expected to fail, but passed.',
      'a.spec.ts › is too late: Test timeout of 100ms exceeded.',
      expect.stringMatching(/^a\.spec\.ts › chain › breaks: Error: x+… \[cut, \d+ characters more\]$/),
    ],
  });
  expect(sink.starts[0]).toMatchObject({
    signatureId: SIGNATURE_ID,
    facts: { commit: 'c0ffee', labels: { team: 'search' }, workers: 1 },
  });

  await test.step('facts of tests, steps and attachments', async () => {
    const seqs = sink.events.map(event => event.seq);
    expect(seqs).toEqual(seqs.toSorted((a, b) => a - b));
    expect(new Set(seqs).size).toBe(seqs.length);
    const facts = sink.events.flatMap(event => (event.kind === 'test_end' ? [event.data] : []));
    expect(facts.find(fact => fact.title === 'passes')).toMatchObject({
      file: 'a.spec.ts',
      tags: ['@quick'],
      requestCount: 1,
      requests: [{ requestId: 'req-passes', method: 'GET', path: '/a', status: 200 }],
    });
    expect(facts.find(fact => fact.title === 'chain › breaks')?.errors[0]).toMatch(
      /^Error: x+… \[cut, \d+ characters more\]$/,
    );
    const messages = sink.events.map(event => `${event.kind} ${event.message}`);
    expect(messages).toContain('test_end skipped: skips itself (skip: no moon tonight)');
    expect(messages).toContain('attachment attachment: notes');
    expect(messages).toContain(
      'note An attachment oa-request-ids is malformed: it is not a JSON array (test attaches)',
    );
    const [step, ...otherSteps] = sink.events.filter(event => event.kind === 'step_failed');
    expect(otherSteps.length).toBeLessThan(6);
    expect(step?.data).toMatchObject({ step: 'outer › inner › sum' });
    expect(JSON.stringify(step)).not.toContain('\\u001b');
  });

  await test.step('rows come while tests run', async () => {
    const lastTest = Math.max(...sink.events.flatMap(event => (event.kind === 'test_end' ? [event.at] : [])));
    expect(sink.arrivals.filter(at => at < lastTest).length).toBeGreaterThan(10);
  });

  await test.step('what is printed and left behind', async () => {
    const lines = stdout.trimEnd().split('\n');
    const last = lines.at(-1)?.replace(/^OVERNIGHT_RESULT /, '') ?? '';
    expect(nightResultSchema.parse(JSON.parse(last))).toEqual(sink.result('night-1'));
    expect(lines.at(-2)).toBe('To read it: npm run dev');
    expect(stdout).toContain(
      'Kept: no candidate beat the control (holdout of 40: 50.0 % before, 55.0 % after, p = 0.31)',
    );
    expect(stdout).toMatch(/✘ a\.spec\.ts › fails: Error: .* {2}\(requests req-fails\)/);
    expect(stdout).toContain(`Page: ${sink.baseUrl}/dse/ops/night-1`);
    expect(inline.read('summary.md')).toContain('| 3 | 4 | 1 | 2 | 1 | 0 |');
    expect(inline.spooled()).toEqual([]);
    expect(JSON.parse(inline.read('report.json')).stats).toMatchObject({
      expected: 3,
      unexpected: 4,
      flaky: 1,
    });
    expect(fs.existsSync(path.join(inline.dir, 'playwright-report/index.html'))).toBe(true);
  });

  await test.step('listing and merging send nothing', async () => {
    const before = sink.requests;
    await inline.run(['test', '--list']);
    const merged = await inline.run([
      'merge-reports',
      '--reporter',
      reporterFile('convexReporter.ts'),
      'blob-report',
    ]);
    expect(merged.code).toBe(0);
    expect(sink.requests).toBe(before);
  });
});
