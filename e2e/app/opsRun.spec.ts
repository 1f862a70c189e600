import type * as z from 'zod';
import type { App } from '../../fixtures/appTest.ts';
import { expect, test } from '../../fixtures/deployedTest.ts';
import { noteEvent, phaseEvent, testEndEvent } from '../../fixtures/opsEvents.ts';
import { selectToolId } from '../../loop/catalog/ids.ts';
import type { ApiClient } from '../../loop/contract/client.ts';
import { opsRunEvent, opsRunFinish, opsRunStart } from '../../loop/contract/endpoint.ts';
import type { AttachmentFacts, OpsEvent } from '../../loop/contract/opsRun.ts';

// One night at a time holds the lease of the signature, so these tests take turns.
test.describe.configure({ mode: 'default' });
test.use({ deployment: 'runs' });

const signatureId = selectToolId;
const LEASE_MS = 60_000;

const counts = { passed: 3, failed: 0, flaky: 0, skipped: 1, did_not_run: 0, interrupted: 0 };
const summaryOf = (runId: string): z.input<typeof opsRunFinish.request> => ({
  runId,
  counts,
  failingTests: [],
  durationMs: 1_234,
  status: 'passed',
});
const finish = (dse: ApiClient, runId: string) => dse.call(opsRunFinish, summaryOf(runId));
const send = (dse: ApiClient, runId: string, ...events: OpsEvent[]) =>
  dse.call(opsRunEvent, { runId, events });

test('starting a run twice begins it once', async ({ dse, unique, convex }) => {
  const first = await dse.call(opsRunStart, { runId: unique, facts: { commit: 'abc' } });
  expect(first).toMatchObject({ created: true, run: { runId: unique, status: 'running', verdict: null } });
  const again = await dse.call(opsRunStart, { runId: unique, facts: { commit: 'def' } });
  expect(again).toEqual({ created: false, run: first.run });
  expect(await convex.opsRun(unique)).toEqual(first.run);
});

test('many starts at once begin it once', async ({ dse, unique }) => {
  const starts = await Promise.all(
    Array.from({ length: 6 }, () => dse.call(opsRunStart, { runId: unique, signatureId })),
  );
  expect(starts.filter(start => start.created)).toHaveLength(1);
  await finish(dse, unique);
});

test('a lease that another run holds is refused, naming the run and the way on', async ({
  dse,
  unique,
  convex,
}) => {
  const [holder, late] = [`${unique}-holder`, `${unique}-late`];
  await dse.call(opsRunStart, { runId: holder, signatureId });
  const refusal = dse.call(opsRunStart, { runId: late, signatureId });
  await expect(refusal).rejects.toMatchObject({
    code: 'lease_held',
    status: 409,
    details: { holder, seconds: 60 },
  });
  await expect(refusal).rejects.toThrow(
    `Run ${holder} holds ${signatureId} for 60 s more. If it was killed, continue it with DSE_RUN_ID=${holder}, or wait`,
  );
  expect(await convex.opsRun(late)).toBeNull();
  expect((await dse.call(opsRunStart, { runId: holder, signatureId })).created).toBe(false);

  await finish(dse, holder);
  expect((await dse.call(opsRunStart, { runId: late, signatureId })).created, 'a finished run lets go').toBe(
    true,
  );
  await finish(dse, late);
});

test('a run without a signature is no night: it needs no lease and takes none', async ({ dse, unique }) => {
  await dse.call(opsRunStart, { runId: `${unique}-night`, signatureId });
  expect((await dse.call(opsRunStart, { runId: `${unique}-tests` })).created).toBe(true);
  const { result } = await finish(dse, `${unique}-tests`);
  expect(result).toBeNull();
  await finish(dse, `${unique}-night`);
});

test('events keep a lease alive; without them it ends after a minute', async ({ dse, unique, clock }) => {
  const [holder, late] = [`${unique}-holder`, `${unique}-late`];
  await dse.call(opsRunStart, { runId: holder, signatureId });
  clock.advance(LEASE_MS - 10_000);
  await send(dse, holder, noteEvent('alive', 1));
  clock.advance(LEASE_MS - 10_000);
  await expect(dse.call(opsRunStart, { runId: late, signatureId })).rejects.toMatchObject({
    code: 'lease_held',
  });
  clock.advance(10_001);
  expect((await dse.call(opsRunStart, { runId: late, signatureId })).created).toBe(true);
  await finish(dse, late);
  await finish(dse, holder);
});

test('a run that wakes up after another took its lease does not get it back by talking', async ({
  dse,
  unique,
  clock,
}) => {
  const [asleep, heir] = [`${unique}-asleep`, `${unique}-heir`];
  await dse.call(opsRunStart, { runId: asleep, signatureId });
  clock.advance(LEASE_MS + 1);
  await dse.call(opsRunStart, { runId: heir, signatureId });
  expect(await send(dse, asleep, noteEvent('good-morning', 1))).toEqual({ accepted: 1, duplicates: 0 });
  expect((await dse.call(opsRunStart, { runId: heir, signatureId })).created, 'the heir still has it').toBe(
    false,
  );
  await expect(dse.call(opsRunStart, { runId: asleep, signatureId })).rejects.toMatchObject({
    details: { holder: heir },
  });
  await finish(dse, heir);
  await finish(dse, asleep);
});

test('a silent run is ended by the watchdog, and says so', async ({
  dse,
  unique,
  clock,
  convex,
  watchdog,
}) => {
  await dse.call(opsRunStart, { runId: unique, signatureId });
  await watchdog.sweep();
  expect(await convex.opsRun(unique)).toMatchObject({ status: 'running' });
  clock.advance(120_001);
  await watchdog.sweepTwice(clock);
  expect(await convex.opsRun(unique)).toMatchObject({
    status: 'finished',
    verdict: 'failed',
    reason: 'The night did not finish: the runner ended as interrupted.',
  });
});

test('an event delivered twice is counted once, also within one delivery', async ({ dse, unique }) => {
  await dse.call(opsRunStart, { runId: unique });
  expect(await send(dse, unique, noteEvent('a', 1), noteEvent('b', 2), noteEvent('a', 1))).toEqual({
    accepted: 2,
    duplicates: 1,
  });
  expect(await send(dse, unique, noteEvent('b', 2), noteEvent('c', 3))).toEqual({
    accepted: 1,
    duplicates: 1,
  });
});

test('an event is counted once, however many ids lie between those of its delivery', async ({
  dse,
  unique,
}) => {
  await dse.call(opsRunStart, { runId: unique });
  const between = Array.from({ length: 9 }, (_, i) => noteEvent(`m${i}`, i));
  await send(dse, unique, ...between);
  const scattered = [noteEvent('z😀', 20), noteEvent('m4', 4), noteEvent('a', 21)];
  expect(await send(dse, unique, ...scattered)).toEqual({ accepted: 2, duplicates: 1 });
  expect(await send(dse, unique, ...scattered, noteEvent('z\uffee', 22))).toEqual({
    accepted: 1,
    duplicates: 3,
  });
});

test('the timeline is in order of time, whatever the order of delivery', async ({
  dse,
  unique,
  request,
  credentials,
}) => {
  await dse.call(opsRunStart, { runId: unique });
  await send(dse, unique, noteEvent('c', 3));
  await send(dse, unique, noteEvent('b', 2), noteEvent('a', 1));
  const page = await request.get(`/dse/ops/${unique}?format=json`, {
    headers: { authorization: `Bearer ${credentials.viewer}` },
  });
  const { events } = (await page.json()) as { events: { eventId: string }[] };
  expect(events.map(event => event.eventId)).toEqual(['a', 'b', 'c']);
});

test('one bad event refuses its whole delivery', async ({ dse, unique, request, credentials }) => {
  await dse.call(opsRunStart, { runId: unique });
  const answer = await request.post('/api/dse/ops/run/event', {
    headers: { authorization: `Bearer ${credentials.admin}` },
    data: { runId: unique, events: [noteEvent('good', 1), { ...noteEvent('bad', 2), kind: 'party' }] },
  });
  expect(answer.status()).toBe(400);
  expect((await answer.json()).error.message).toContain('events.1');
  expect(await send(dse, unique, noteEvent('good', 1))).toEqual({ accepted: 1, duplicates: 0 });
});

test('of a test, the last attempt counts', async ({ dse, unique, convex }) => {
  await dse.call(opsRunStart, { runId: unique });
  const title = 'the canary serves';
  await send(dse, unique, testEndEvent({ testId: 'one', title, outcome: 'failed' }));
  expect(await convex.failedTests(unique)).toEqual([title]);
  await send(dse, unique, testEndEvent({ testId: 'one', title, outcome: 'passed', retry: 1 }));
  expect(await convex.failedTests(unique)).toEqual([]);
});

test('finishing twice answers the same and changes nothing', async ({ dse, unique, convex, clock }) => {
  await dse.call(opsRunStart, { runId: unique, signatureId });
  await send(dse, unique, phaseEvent('preflight'));
  const first = await finish(dse, unique);
  expect(first).toMatchObject({
    run: { status: 'finished', verdict: 'kept' },
    result: {
      runId: unique,
      verdict: 'kept',
      reason: 'Only part of the night ran (phases on record: preflight); nothing was decided.',
    },
  });
  clock.advance(5_000);
  expect(await finish(dse, unique)).toEqual(first);
  expect(await convex.opsRun(unique)).toEqual(first.run);
});

test('a night that has decided is not begun again; one that failed may go on', async ({ dse, unique }) => {
  const [done, failed] = [`${unique}-done`, `${unique}-failed`];
  await dse.call(opsRunStart, { runId: done, signatureId });
  await send(dse, done, phaseEvent('promote'));
  await finish(dse, done);
  await expect(dse.call(opsRunStart, { runId: done, signatureId })).rejects.toMatchObject({
    code: 'run_finished',
    message: expect.stringContaining('Unset DSE_RUN_ID to start a new one'),
  });
  const late = (begunAt: number) => dse.call(opsRunStart, { runId: done, late: true, begunAt });
  const { run } = await late(0);
  expect(run, 'who took part in it may tell its rest').toMatchObject({ status: 'finished', verdict: 'kept' });
  await expect(late((run.finishedAt ?? 0) + 1), 'who came after it may not').rejects.toMatchObject({
    code: 'run_finished',
  });
  await dse.call(opsRunStart, { runId: failed, signatureId });
  const { result } = await dse.call(opsRunFinish, {
    ...summaryOf(failed),
    status: 'failed',
    failingTests: ['the canary serves'],
    counts: { ...counts, failed: 1 },
  });
  expect(result).toMatchObject({
    verdict: 'failed',
    reason: 'The night did not finish: the runner ended as failed. Failing: the canary serves.',
  });
  const again = await dse.call(opsRunStart, { runId: failed, signatureId });
  expect(again).toMatchObject({
    created: false,
    run: { status: 'running', verdict: null, finishedAt: null },
  });
  await finish(dse, failed);
});

test('events that come after the end are kept, and neither reopen the run nor take the lease', async ({
  dse,
  unique,
  convex,
}) => {
  const [late, next] = [`${unique}-late`, `${unique}-next`];
  await dse.call(opsRunStart, { runId: late, signatureId });
  const { run } = await finish(dse, late);
  expect(await send(dse, late, noteEvent('afterthought', 1))).toEqual({ accepted: 1, duplicates: 0 });
  expect(await convex.opsRun(late)).toEqual(run);
  expect((await dse.call(opsRunStart, { runId: next, signatureId })).created).toBe(true);
  await finish(dse, next);
});

test('the shards of a run are one run: it ends with the last of them, as the worst of them', async ({
  dse,
  unique,
  request,
  app,
}) => {
  const end = (current: number, status: 'passed' | 'failed') =>
    dse.call(opsRunFinish, { ...summaryOf(unique), shard: { current, total: 2 }, status });
  await Promise.all([1, 2].map(() => dse.call(opsRunStart, { runId: unique })));
  expect((await end(2, 'failed')).run.status).toBe('running');
  expect((await end(2, 'failed')).run.status, 'told twice, it is still one shard').toBe('running');
  expect((await end(1, 'passed')).run.status).toBe('finished');
  const page = await request.get(`/dse/ops/${unique}?format=json`, asAdmin(app));
  expect((await page.json()).night.summary).toMatchObject({
    status: 'failed',
    counts: { ...counts, passed: 2 * counts.passed, skipped: 2 * counts.skipped },
  });
});

test('a start told late, for a process that is gone, begins an unknown run and never reopens an ended one', async ({
  dse,
  unique,
}) => {
  const late = () => dse.call(opsRunStart, { runId: unique, late: true });
  expect(await late()).toMatchObject({ created: true, run: { status: 'running' } });
  const { run } = await finish(dse, unique);
  expect(await late()).toEqual({ created: false, run });
});

test('a stored attachment is read at its address, as text or picture and never as a page', async ({
  dse,
  unique,
  request,
  app,
}) => {
  await dse.call(opsRunStart, { runId: unique });
  const facts = { testId: 't', retry: 0, size: 5, sha256: null, path: null, note: null };
  const event = (seq: number, contentType: string, body?: AttachmentFacts['body']): OpsEvent => ({
    ...noteEvent(`${unique}:${seq}`, seq),
    kind: 'attachment',
    data: { ...facts, name: `a ${seq}`, contentType, ...(body && { body }) },
  });
  const markup = '<script>alert(1)</script>';
  await send(
    dse,
    unique,
    event(1, 'text/html', { encoding: 'utf8', text: markup }),
    event(2, 'image/png', { encoding: 'base64', text: btoa('picture') }),
    event(3, 'application/zip', { encoding: 'base64', text: btoa('archive') }),
    event(4, 'application/zip'),
  );
  const read = (seq: number) => request.get(`/dse/ops/${unique}/attachment/${unique}:${seq}`, asAdmin(app));
  const told = await Promise.all(
    [1, 2, 3, 4].map(async seq => {
      const answer = await read(seq);
      return [answer.status(), answer.headers()['content-type']?.split(';')[0], await answer.text()];
    }),
  );
  expect(told.slice(0, 3)).toEqual([
    [200, 'text/plain', markup],
    [200, 'image/png', 'picture'],
    [200, 'application/octet-stream', 'archive'],
  ]);
  expect(told[3]?.[0], 'a reference has no content here').toBe(404);
  expect((await request.get(`/dse/ops/${unique}/attachment/${unique}:1`)).status(), 'not for everyone').toBe(
    401,
  );
  const page = await (await request.get(`/dse/ops/${unique}`, asAdmin(app))).text();
  expect(page).toContain(`/dse/ops/${unique}/attachment/${encodeURIComponent(`${unique}:1`)}`);
});

const asAdmin = (app: App) => ({ headers: { authorization: `Bearer ${app.secrets.OA_DSE_ADMIN_SECRET}` } });
