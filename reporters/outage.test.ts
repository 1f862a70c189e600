import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';
import { opsRunEvent, opsRunStart } from '../loop/contract/endpoint.ts';
import { InlineRun, reporterFile } from './testing/inlineProject.ts';
import { RecordingSink, SINK_SECRET, slow } from './testing/recordingSink.ts';

// each starts Playwright once or twice, beside whatever else the machine does
test.describe.configure({ mode: 'parallel' });

/** `count` tests of `ms` each. */
const many = (count: number, ms: number) =>
  `for (let i = 0; i < ${count}; i++) test('t' + i, () => new Promise(done => setTimeout(done, ${ms})));`;

/** Titles of the tests whose end the sink was told, in order. */
const endsTold = (sink: RecordingSink) =>
  sink.events.flatMap(event => (event.kind === 'test_end' ? [event.data.title] : []));
const titles = (count: number) => Array.from({ length: count }, (_, i) => `t${i}`);

function envOf(sink: RecordingSink, runId = 'run-1') {
  return { BASE_URL: sink.baseUrl, OA_DSE_ADMIN_SECRET: SINK_SECRET, DSE_RUN_ID: runId };
}

function times(text: string, phrase: string): number {
  return text.split(phrase).length - 1;
}

test('should keep the exit code, say it once and let deliver.ts deliver exactly once when the sink is down', async () => {
  await using sink = await RecordingSink.open();
  await sink.down();
  const inline = new InlineRun({ spec: many(3, 1) }, envOf(sink));
  const { code, stdout, stderr } = await inline.run();
  expect(code).toBe(0);
  expect(stderr.trimEnd().split('\n')).toEqual([
    expect.stringMatching(
      /^overnight reporter: 10 rows of run run-1 are not delivered: .*could not reach .*ECONNREFUSED/,
    ),
    expect.stringMatching(/They are kept in \.overnight\/spool; .* npx tsx .*reporters\/deliver\.ts$/),
  ]);
  expect(stdout).toContain('Not delivered: 10 rows');

  const down = await inline.deliver();
  expect([down.code, down.stdout]).toEqual([
    1,
    '1 spools in .overnight/spool: 0 rows delivered, 10 remaining\n',
  ]);
  await sink.up();
  const up = await inline.deliver();
  expect([up.code, up.stdout, up.stderr]).toEqual([
    0,
    '1 spools in .overnight/spool: 10 rows delivered, 0 remaining\n',
    '',
  ]);
  expect(endsTold(sink)).toEqual(titles(3));
  expect([sink.starts.length, sink.finishes.length, sink.duplicates]).toEqual([1, 1, 0]);
  expect(inline.spooled()).toEqual([]);
  expect((await inline.deliver('--help')).stdout).toContain('--spool-dir');
});

test('should deliver everything once when the sink dies in the middle and comes back', async () => {
  await using sink = await RecordingSink.open();
  // the first events are stored, but their answer is lost: the same rows come again
  let broken = false;
  sink.behave = async path => {
    if (path !== opsRunEvent.path || broken) return null;
    broken = true;
    void sink
      .down()
      .then(() => sleep(500))
      .then(() => sink.up());
    return null;
  };
  const inline = new InlineRun({ spec: many(60, 30) }, envOf(sink));
  const { code, stderr } = await inline.run();
  expect([code, stderr]).toEqual([0, '']);
  expect(broken).toBe(true);
  expect(endsTold(sink)).toEqual(titles(60));
  expect(sink.duplicates).toBeGreaterThan(0);
  expect(sink.finishes).toHaveLength(1);
  expect(inline.spooled()).toEqual([]);
});

test('should not slow tests down when the sink is slow', async () => {
  await using sink = await RecordingSink.open();
  sink.behave = slow(400);
  const inline = new InlineRun({ spec: many(40, 5) }, envOf(sink));
  const { code, stderr } = await inline.run();
  expect([code, stderr]).toEqual([0, '']);
  expect(endsTold(sink)).toEqual(titles(40));
  // one request per test would be 40
  expect(sink.requests).toBeLessThan(20);
});

test('should deliver at the next start what a killed process left, none lost and none doubled', async () => {
  await using sink = await RecordingSink.open();
  // accepts the start and the first rows, then fails until the process is dead
  sink.behave = (_path, nth) => (nth > 4 ? 503 : null);
  const inline = new InlineRun({ spec: many(40, 40) }, envOf(sink));
  const { child, exit } = inline.start();
  await expect.poll(() => sink.requests).toBeGreaterThan(6);
  child.kill('SIGKILL');
  expect((await exit).signal).toBe('SIGKILL');
  const written = [...inline.spoolText().matchAll(/"eventId":"([^"]+)".*"kind":"test_end"/g)].map(
    match => match[1],
  );
  expect(written.length).toBeGreaterThan(0);

  sink.behave = () => null;
  const next = await inline.run(['test', '--grep', 't1$']);
  expect([next.code, next.stderr]).toEqual([0, '']);
  const ids = sink.events.map(event => event.eventId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.filter(id => written.includes(id))).toHaveLength(written.length);
  expect(endsTold(sink)).toHaveLength(written.length + 1);
  expect(sink.finishes).toHaveLength(1);
  expect(inline.spooled()).toEqual([]);
});

test('should end cleanly on SIGTERM', async () => {
  await using sink = await RecordingSink.open();
  const spec = `test('is running', () => new Promise(done => setTimeout(done, 60_000))); ${many(2, 1)}`;
  const inline = new InlineRun({ spec, config: 'timeout: 0,' }, envOf(sink));
  const { child, exit } = inline.start();
  await expect.poll(() => sink.events.some(event => event.kind === 'test_begin')).toBe(true);
  child.kill('SIGTERM');
  const { code, stderr } = await exit;
  expect([code, stderr]).toEqual([130, '']);
  expect(sink.outcomes()).toEqual({
    'is running': ['interrupted'],
    t0: ['did_not_run'],
    t1: ['did_not_run'],
  });
  expect(sink.finishes).toMatchObject([
    { status: 'interrupted', counts: { interrupted: 1, did_not_run: 2 } },
  ]);
});

test('should settle a test that is still open when globalTimeout ends the run', async () => {
  await using sink = await RecordingSink.open();
  const spec = `test('never ends', () => new Promise(() => {})); ${many(1, 1)}`;
  const inline = new InlineRun({ spec, config: 'timeout: 0, globalTimeout: 10_000,' }, envOf(sink));
  const { code, stderr } = await inline.run();
  expect([code, stderr]).toEqual([1, '']);
  expect(Object.entries(sink.outcomes()).map(([title, told]) => [title, told.at(-1)])).toEqual([
    ['never ends', 'interrupted'],
    ['t0', 'did_not_run'],
  ]);
  expect(sink.finishes).toMatchObject([{ status: 'timedout' }]);
});

test('should say a wrong secret once, stop sending and keep the exit code and the rows', async () => {
  await using sink = await RecordingSink.open();
  const env = { ...envOf(sink), OA_DSE_ADMIN_SECRET: 'wrong-secret-of-mine' };
  const night = { signatureId: '@acme/app/Pick.v1' };
  const inline = new InlineRun({ spec: many(20, 10), reporter: { night } }, env);
  const { code, stdout, stderr } = await inline.run();
  expect(code).toBe(0);
  expect(sink.requests).toBe(1);
  expect(times(stderr, 'answered 401 unauthorized')).toBe(1);
  expect(times(stderr, 'overnight reporter:')).toBe(1);
  expect(stderr).toContain('Set OA_DSE_ADMIN_SECRET');
  expect(stderr).toContain('deliver.ts');
  expect(stdout + stderr + inline.spoolText()).not.toContain('wrong-secret-of-mine');
  expect(stdout.trimEnd().split('\n').at(-1)).toMatch(
    /^OVERNIGHT_RESULT \{"runId":"run-1","verdict":"failed","reason":"the outcome could not be delivered: .*401/,
  );
  expect(inline.spooled()).toHaveLength(2);
});

test('should store nothing of a start whose run has ended, now or later', async () => {
  await using sink = await RecordingSink.open();
  sink.behave = path => (path === opsRunStart.path ? 'run_finished' : null);
  const night = { signatureId: '@acme/app/Pick.v1' };
  const refused = new InlineRun({ spec: many(3, 10), reporter: { night } }, envOf(sink));
  const { code, stdout, stderr } = await refused.run();
  expect(code).toBe(0);
  expect(times(stderr, 'overnight reporter:')).toBe(1);
  expect(stderr).toContain('nothing of it is stored: POST');
  expect(stdout).not.toContain('Not delivered');
  expect(stdout.trimEnd().split('\n').at(-1)).toContain('this start was refused and changed nothing');
  expect(refused.spooled()).toEqual([]);

  await sink.down();
  const unheard = new InlineRun({ spec: many(3, 10) }, envOf(sink));
  await unheard.run();
  expect(unheard.spooled()).not.toEqual([]);
  await sink.up();
  const told = unheard.deliver();
  await expect(told).resolves.toMatchObject({ code: 1, stderr: expect.stringContaining('were let go') });
  expect(unheard.spooled()).toEqual([]);
  expect(sink.events).toEqual([]);
});

test('should say what is missing, send nothing and keep the exit code', async () => {
  const inline = new InlineRun({ spec: many(1, 1) }, { DSE_RUN_ID: 'not an id' });
  const { code, stderr } = await inline.run();
  expect(code).toBe(0);
  expect(stderr.trimEnd().split('\n')).toHaveLength(1);
  for (const name of ['DSE_RUN_ID', 'BASE_URL', 'OA_DSE_ADMIN_SECRET']) expect(stderr).toContain(name);
  expect(inline.spooled()).toEqual([]);
});

test('should go on without the lease when another night holds it, and never call that a success', async () => {
  await using sink = await RecordingSink.open();
  sink.behave = (_path, nth) => (nth === 1 ? 409 : null);
  const reporter = { night: { signatureId: '@acme/app/Pick.v1' } };
  const inline = new InlineRun({ spec: many(1, 1), reporter }, envOf(sink));
  const { code, stdout, stderr } = await inline.run(['test', '--shard', '1/2']);
  expect(code).toBe(0);
  expect(times(stderr, 'without the lease')).toBe(1);
  expect(sink.starts).toMatchObject([{ runId: 'run-1', facts: { shard: '1/2' } }]);
  expect(sink.starts[0]).not.toHaveProperty('signatureId');
  expect(endsTold(sink)).toEqual(titles(1));
  // the server ends the run when the other shard has ended too
  expect(sink.finishes).toMatchObject([{ shard: { current: 1, total: 2 } }]);
  expect(stdout).toContain(
    '"verdict":"failed","reason":"POST /api/dse/ops/run/start answered 409 lease_held',
  );
});

const WEB_SERVER = `
  import { createServer } from 'node:http';
  import { appendFileSync } from 'node:fs';
  const run = { runId: 'r', signatureId: null, status: 'running', verdict: null, reason: null, startedAt: 1, finishedAt: null, phases: {} };
  const answers = { start: { run, created: true }, event: { accepted: 1, duplicates: 0 }, finish: { run, result: null } };
  createServer((request, response) => {
    const what = request.url.split('/').at(-1);
    appendFileSync('heard.txt', what + ' ');
    request.resume().on('end', () => response.end(JSON.stringify({ ok: true, ...answers[what] })));
  }).listen(0, '127.0.0.1', function () { console.log('at port ' + this.address().port); });
`;
const webServer = `webServer: { command: 'node server.mjs', wait: { stdout: /at port (?<sink_port>\\d+)/ } },`;
/** The port is known only after the reporter was made, as in any config that lets the system choose it. */
const lateUrl = `
  import ConvexReporter from ${JSON.stringify(reporterFile('convexReporter.ts'))};
  export default class Late extends ConvexReporter {
    async preprocess(run) { process.env.BASE_URL = 'http://127.0.0.1:' + process.env.SINK_PORT; await super.preprocess(run); }
  }
`;

test('should finish while a webServer of the config is still up, and advise so when it cannot', async () => {
  const finish = JSON.stringify(reporterFile('finish.ts'));
  const config = `${webServer} ...(process.env.PLAIN ? {} : { globalTeardown: ${finish} }),`;
  const files = { 'server.mjs': WEB_SERVER, 'late.ts': lateUrl };
  const env = { OA_DSE_ADMIN_SECRET: SINK_SECRET, DSE_RUN_ID: 'r' };
  const inline = new InlineRun({ spec: many(2, 1), config, files }, env);
  const told = await inline.run(['test', '--reporter', './late.ts']);
  expect([told.code, told.stderr]).toEqual([0, '']);
  expect(inline.read('heard.txt')).toMatch(/^start (event )+finish $/);

  const plain = await inline.run(['test', '--reporter', './late.ts'], { PLAIN: '1' });
  expect(plain.code).toBe(0);
  expect(times(plain.stderr, 'overnight reporter:')).toBe(1);
  expect(plain.stderr).toContain("set globalTeardown: './reporters/finish.ts'");
});

test('should lose nothing when the disk is full, and say so', async () => {
  await using sink = await RecordingSink.open();
  // a kilobyte of output each: the spool may not grow beyond the third part of them
  const spec = `for (let i = 0; i < 120; i++) test('t' + i, () => { console.log('x'.repeat(1000)); });`;
  const inline = new InlineRun({ spec }, envOf(sink));
  const { code, stderr } = await inline.runOnFullDisk(64);
  expect(code).toBe(0);
  expect(stderr).toMatch(
    /could not be written \(Error: EFBIG.*\); rows went through memory, and 0 found no room/,
  );
  expect(times(stderr, 'overnight reporter:')).toBe(1);
  expect(endsTold(sink)).toEqual(titles(120));
  expect(sink.finishes).toHaveLength(1);
  expect(inline.spooled()).toEqual([]);
});

test('should set aside the one row that the server refuses, and deliver all others', async () => {
  await using sink = await RecordingSink.open();
  sink.behave = (_path, _nth, body) => (body.includes('poison') ? 400 : null);
  const spec = `${many(5, 1)} test('poison', () => {}); for (let i = 5; i < 9; i++) test('t' + i, () => {});`;
  const inline = new InlineRun({ spec }, envOf(sink));
  const { code, stderr } = await inline.run();
  expect(code).toBe(0);
  expect(endsTold(sink)).toEqual(titles(9));
  expect(sink.finishes).toHaveLength(1);
  expect(stderr).toMatch(/the server refused [12] rows, kept in .*\.refused: .*answered 400/);
  expect(inline.spooled()).toEqual([expect.stringMatching(/\.refused$/)]);
  expect(inline.spoolText()).toContain('"title":"poison"');
});

test('should try again when the server fails now and then', async () => {
  await using sink = await RecordingSink.open();
  sink.behave = (_path, nth) => (nth % 2 === 1 ? 500 : null);
  const inline = new InlineRun({ spec: many(30, 20) }, envOf(sink));
  const { code, stderr } = await inline.run();
  expect([code, stderr]).toEqual([0, '']);
  expect(endsTold(sink)).toEqual(titles(30));
  expect(sink.finishes).toHaveLength(1);
});
