import { runCompile } from '../../fixtures/compileJob.ts';
import { testGateItself } from '../../fixtures/gateSelfTest.ts';
import { expect, test } from '../../fixtures/test.ts';
import { canaryStatus, compileGet } from '../../loop/contract/endpoint.ts';
import { compiledIdOf } from '../../loop/signature.ts';

test.describe.configure({ mode: 'serial' });

test('the job runs to a report on the pinned data', { tag: '@compile' }, async ({ dse, convex, opsRun }) => {
  const { report, facts } = await runCompile(dse, opsRun);
  const dataset = await convex.dataset(opsRun.signatureId);
  expect(report.datasetHash).toBe(dataset?.datasetHash);
  expect(report.candidates.map(candidate => candidate.compiledId)).toContain(report.controlCompiledId);
  expect(report.candidates.filter(candidate => candidate.verdict === 'winner')).toHaveLength(1);

  const { winner } = await dse.call(compileGet, { jobId: facts.jobId });
  expect(winner && compiledIdOf(winner), 'the artifact is what its id says').toBe(report.winnerCompiledId);
  const { active } = await dse.call(canaryStatus, { signatureId: opsRun.signatureId });
  expect(active.compiledId, 'a compile changes nothing by itself').toBe(report.controlCompiledId);
  await testGateItself(opsRun, report);
  await opsRun.record('compile', report.reason, facts);
});
