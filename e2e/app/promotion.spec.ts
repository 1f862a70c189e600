import { compileEnd } from '../../fixtures/compileEnd.ts';
import { testEndEvent } from '../../fixtures/opsEvents.ts';
import { expect, test } from '../../fixtures/releaseTest.ts';
import { selectToolId as signatureId } from '../../loop/catalog/ids.ts';
import type { ApiClient } from '../../loop/contract/client.ts';
import {
  compileStart,
  examplesImport,
  opsRunEvent,
  opsRunStart,
  rollback,
} from '../../loop/contract/endpoint.ts';

// One signature has one pointer and one open canary, so these tests tell one story, on a deployment of their own.
test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'promotion' });

test.describe('a night that promotes', () => {
  const runId = 'night-1';
  let canaryId: string;
  test('without traffic it is refused: no data is not safe', async ({ dse, release }) => {
    await dse.call(opsRunStart, { runId, signatureId });
    ({ canaryId } = (await release.open(runId)).canary);
    const refusal = release.promote(runId, canaryId);
    await expect(refusal).rejects.toMatchObject({ code: 'gate_canary_verdict' });
    await expect(refusal).rejects.toThrow(/verdict is hold\. Control has no data yet; no data is not safe/);
  });

  test('enough good traffic makes the verdict a pass', async ({ convex, release }) => {
    const { canary, counted } = await release.passingTraffic(await release.canary());
    expect(counted).toBe(120);
    expect(canary.verdict).toMatchObject({ verdict: 'pass', code: 'not_worse' });
    expect(canary.counts).toMatchObject({ control: { n: 60, failures: 0 }, canary: { n: 60, failures: 0 } });
    expect(await convex.canaryRecount(canaryId)).toEqual(canary.counts);
  });

  test('a canary of another run is refused', async ({ release }) => {
    await expect(release.promote('night-2', canaryId)).rejects.toMatchObject({
      code: 'unknown_canary',
      status: 404,
    });
  });

  test('without the record of every phase it is refused, naming the phases', async ({ release }) => {
    await release.record(runId, 'preflight', 'seed', 'compile');
    const refusal = release.promote(runId, canaryId);
    await expect(refusal).rejects.toMatchObject({ code: 'gate_e2e_failed', status: 409 });
    await expect(refusal).rejects.toThrow(`Run ${runId} has no record of: canary, evidence`);
  });

  test('with a failed test it is refused, naming the test', async ({ dse, release }) => {
    await release.record(runId, 'canary', 'evidence');
    const failed = { testId: 'shaky', title: 'each message has its receipt' };
    await record(dse, testEndEvent({ ...failed, outcome: 'failed' }));
    const refusal = release.promote(runId, canaryId);
    await expect(refusal).rejects.toMatchObject({ code: 'gate_e2e_failed' });
    await expect(refusal).rejects.toThrow('these tests failed: each message has its receipt');
    await record(dse, testEndEvent({ ...failed, outcome: 'passed', retry: 1 }));
  });

  test('with another control than the caller believes it is refused', async ({ release }) => {
    const control = release.report.winnerCompiledId;
    await expect(release.promote(runId, canaryId, control)).rejects.toMatchObject({
      code: 'gate_control_changed',
      status: 409,
    });
  });

  test('on another data revision it is refused; back on the old one the report counts again', async ({
    dse,
    release,
  }) => {
    const old = release.rows.slice(0, 1);
    await dse.call(examplesImport, { signatureId, examples: old.map(row => ({ ...row, tags: ['seen'] })) });
    await expect(release.promote(runId, canaryId)).rejects.toMatchObject({
      code: 'gate_report_stale',
      status: 409,
    });
    const back = await dse.call(examplesImport, { signatureId, examples: old });
    expect(back.datasetHash).toBe(release.report.datasetHash);
  });

  test('none of the refusals has changed anything', async ({ convex, release }) => {
    const { active, canary } = await release.status();
    expect(active.compiledId).toBe(release.report.controlCompiledId);
    expect(canary).toMatchObject({ canaryId, status: 'running' });
    expect(await convex.pointerHistory(signatureId)).toEqual([]);
  });

  test('with every gate passed it is done once, however often and by how many it is asked', async ({
    convex,
    chatUser,
    release,
  }) => {
    const answers = await Promise.all([
      release.promote(runId, canaryId),
      release.promote(runId, canaryId),
      release.promote(runId, canaryId),
    ]);
    expect(answers.map(answer => answer.changed).sort()).toEqual([false, false, true]);
    expect((await release.promote(runId, canaryId)).changed).toBe(false);
    const { active, canary } = await release.status();
    expect(active.compiledId).toBe(release.report.winnerCompiledId);
    expect(canary).toMatchObject({ canaryId, status: 'stopped', stopReason: 'Promoted.' });
    expect(await convex.pointerHistory(signatureId)).toMatchObject([
      {
        action: 'promote',
        fromCompiledId: release.report.controlCompiledId,
        toCompiledId: release.report.winnerCompiledId,
        actor: `run ${runId}`,
        runId,
      },
    ]);
    const card = await (await chatUser('next-day')).ask('hello');
    expect(card).toMatchObject({ arm: 'none', compiledId: release.report.winnerCompiledId });
  });

  test('the report is of the old control now, and starts no canary', async ({ release }) => {
    await expect(release.open(runId)).rejects.toMatchObject({ code: 'gate_control_changed' });
  });

  test('a compile against the new artifact keeps it, and a kept report starts no canary', async ({
    dse,
    release,
  }) => {
    const { job } = await dse.call(compileStart, { signatureId });
    const { report: kept } = await compileEnd(dse, job.jobId);
    expect(kept).toMatchObject({
      decision: 'kept',
      controlCompiledId: release.report.winnerCompiledId,
      winnerCompiledId: release.report.winnerCompiledId,
      gate: null,
    });
    await expect(release.open(runId, { reportId: kept?.reportId ?? '' })).rejects.toMatchObject({
      code: 'gate_paired_test',
      status: 409,
    });
  });

  test('a rollback goes back once, whoever repeats it, and stands in the history with its reason', async ({
    dse,
    convex,
    chatUser,
    release,
  }) => {
    const back = {
      signatureId,
      runId,
      fromCompiledId: release.report.winnerCompiledId,
      reason: 'users complained',
    };
    const answers = await Promise.all([dse.call(rollback, back), dse.call(rollback, back)]);
    expect(answers.map(answer => answer.changed).sort()).toEqual([false, true]);
    expect((await dse.call(rollback, back)).changed).toBe(false);
    expect((await release.status()).active.compiledId).toBe(release.report.controlCompiledId);
    expect(await convex.pointerHistory(signatureId)).toMatchObject([
      {
        action: 'rollback',
        fromCompiledId: release.report.winnerCompiledId,
        toCompiledId: release.report.controlCompiledId,
        reason: 'users complained',
      },
      { action: 'promote' },
    ]);
    const card = await (await chatUser('after-rollback')).ask('hello');
    expect(card.compiledId).toBe(release.report.controlCompiledId);
  });

  async function record(dse: ApiClient, event: ReturnType<typeof testEndEvent>): Promise<void> {
    await dse.call(opsRunEvent, { runId, events: [event] });
  }
});
