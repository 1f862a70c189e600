import { compileEnd } from '../../fixtures/compileEnd.ts';
import { expect, test } from '../../fixtures/deployedTest.ts';
import { phaseEvent } from '../../fixtures/opsEvents.ts';
import { rowsWithoutSense } from '../../fixtures/rowsWithoutSense.ts';
import { routeTicket } from '../../loop/catalog/routeTicket.ts';
import {
  canaryStart,
  canaryStatus,
  compileStart,
  examplesImport,
  opsRunEvent,
  opsRunFinish,
  opsRunStart,
  replay,
} from '../../loop/contract/endpoint.ts';

test('an A/A night, whose candidates cannot be better, ends kept, and nothing of it can be put on canary', async ({
  dse,
  unique,
}) => {
  const signatureId = routeTicket.id;
  await dse.call(opsRunStart, { runId: unique, signatureId });
  await dse.call(examplesImport, { signatureId, examples: rowsWithoutSense() });
  const { job } = await dse.call(compileStart, { signatureId, runId: unique });
  const { report } = await compileEnd(dse, job.jobId);
  if (!report) throw new Error(`Compile ${job.jobId} has no report.`);
  expect(report.decision, 'candidates were searched, and none of them is real').toBe('kept');
  expect(report.candidates.length).toBeGreaterThan(3);
  const { reportId } = report;
  await expect(dse.call(canaryStart, { signatureId, runId: unique, reportId })).rejects.toMatchObject({
    code: 'gate_paired_test',
  });
  const { modelCalls, cachedCalls, tokens, candidates } = report.progress;
  const facts = { jobId: job.jobId, reportId, decision: 'kept', modelCalls, cachedCalls, tokens, candidates };
  await dse.call(opsRunEvent, {
    runId: unique,
    events: [phaseEvent('preflight'), phaseEvent('seed'), phaseEvent('compile', facts)],
  });
  const { result } = await dse.call(opsRunFinish, {
    runId: unique,
    counts: { passed: 3, failed: 0, flaky: 0, skipped: 4, did_not_run: 0, interrupted: 0 },
    failingTests: [],
    durationMs: 9_000,
    status: 'passed',
  });
  expect(result).toMatchObject({ verdict: 'kept', reason: report.reason, canary: null });
  const { active } = await dse.call(canaryStatus, { signatureId });
  expect(active.compiledId).toBe(report.controlCompiledId);
  const replayed = await dse.call(replay, { runId: unique });
  expect(replayed.decisions.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
});
