import { rmSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { compileEnd } from '../../fixtures/compileEnd.ts';
import { type EmbeddedProcess, startEmbeddedProcess } from '../../fixtures/embedded/embeddedProcess.ts';
import { smallDataset } from '../../fixtures/smallDataset.ts';
import { storedAnswers } from '../../fixtures/storedAnswers.ts';
import { selectToolId } from '../../loop/catalog/ids.ts';
import type { CompileReport } from '../../loop/contract/compile.ts';
import { compileGet, compileStart, examplesImport } from '../../loop/contract/endpoint.ts';

/** `COMPILE_KILLS=20` is the long form; each kill takes the time that tells a dead step from a slow one, 15 s. */
const KILLS = Number(process.env.COMPILE_KILLS ?? 1);

const signatureId = selectToolId;
const rows = smallDataset({ train: 60, dev: 20, holdout: 40, canary: 10 });

test(`a compile whose backend is killed ${KILLS} times ends with the report of one left alone, and pays nothing twice`, async () => {
  test.setTimeout(180_000 + KILLS * 60_000);
  const alone = await startEmbeddedProcess();
  const undisturbed = await reportOf(alone);
  const paidAlone = await paidRows(alone);

  let backend = await startEmbeddedProcess();
  const { stateDir } = backend;
  await backend.dse.call(examplesImport, { signatureId, examples: rows });
  for (let kill = 1; kill <= KILLS; kill++) {
    const { job } = await backend.dse.call(compileStart, { signatureId });
    // At random, but spread over the whole of the work: the next share of the calls, give or take.
    const calls = (paidAlone.length * (kill - Math.random())) / (KILLS + 1);
    await expect
      .poll(() => callsOf(backend, job.jobId), { intervals: [5], timeout: 60_000 })
      .toBeGreaterThanOrEqual(Math.floor(calls));
    await backend.kill();
    backend = await startEmbeddedProcess(stateDir);
  }
  const disturbed = await reportOf(backend);
  const paid = await paidRows(backend);

  expect(disturbed.reportHash).toBe(undisturbed.reportHash);
  expect(sameForAll(disturbed), 'byte by byte').toBe(sameForAll(undisturbed));
  expect(new Set(paid).size, 'no candidate is paid twice for a row').toBe(paid.length);
  expect([...paid].sort()).toEqual([...paidAlone].sort());
  expect(disturbed.progress.modelCalls).toBe(undisturbed.progress.modelCalls);
});

/** Starts or goes on with the compile, and waits for its report. */
async function reportOf({ dse }: EmbeddedProcess): Promise<CompileReport> {
  await dse.call(examplesImport, { signatureId, examples: rows });
  const { job } = await dse.call(compileStart, { signatureId });
  const { job: ended, report } = await compileEnd(dse, job.jobId);
  if (!report)
    throw new Error(`Compile ${job.jobId} ended ${ended.status} without a report: ${ended.error?.message}`);
  return report;
}

async function callsOf({ dse }: EmbeddedProcess, jobId: string): Promise<number> {
  const { job } = await dse.call(compileGet, { jobId });
  // A job that was faster than the kill ends the wait; the kill then hits a backend at rest.
  return job.status === 'done' ? Number.POSITIVE_INFINITY : job.progress.modelCalls;
}

/** Candidate and example of every row that was paid for. Ends the backend, which keeps its file to itself while it runs. */
async function paidRows({ kill, stateDir }: EmbeddedProcess): Promise<string[]> {
  await kill();
  const paid = storedAnswers(stateDir);
  rmSync(stateDir, { recursive: true, force: true });
  return paid.map(row => `${row.candidateKey} ${row.exampleId} ${row.contentHash}`);
}

/** A report as text, without what belongs to the run that made it. */
function sameForAll({
  reportId: _,
  jobId: __,
  createdAt: ___,
  durationMs: ____,
  progress: _____,
  ...found
}: CompileReport) {
  return JSON.stringify(found, (key, value) => (key.endsWith('ReceiptId') ? null : value));
}
