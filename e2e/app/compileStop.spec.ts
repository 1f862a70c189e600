import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import { expect, test } from '@playwright/test';
import { startEmbeddedProcess } from '../../fixtures/embedded/embeddedProcess.ts';
import { ENOUGH, smallDataset } from '../../fixtures/smallDataset.ts';
import { storedAnswers } from '../../fixtures/storedAnswers.ts';
import { selectToolId } from '../../loop/catalog/ids.ts';
import { compileGet, compileStart, examplesImport } from '../../loop/contract/endpoint.ts';

const signatureId = selectToolId;

test('a deployment that is stopped in a compile does not store its own end as the model’s silence', async () => {
  const { dse, siteUrl, stateDir, end } = await startEmbeddedProcess();
  await dse.call(examplesImport, { signatureId, examples: smallDataset(ENOUGH) });
  const { job } = await dse.call(compileStart, { signatureId });
  await expect
    .poll(async () => (await dse.call(compileGet, { jobId: job.jobId })).job.progress.modelCalls, {
      intervals: [50],
      timeout: 60_000,
    })
    .toBeGreaterThan(50);

  // A request that never ends holds the stop up for as long as anything may.
  const half = connect(Number(new URL(siteUrl).port), '127.0.0.1');
  half.on('error', () => undefined);
  await new Promise<void>(sent => half.write('GET /dse HTTP/1.1\r\n', () => sent()));
  await end();
  const answers = storedAnswers(stateDir);
  rmSync(stateDir, { recursive: true, force: true });

  expect(answers.length).toBeGreaterThan(50);
  expect(answers.filter(({ errorCode }) => errorCode !== null)).toEqual([]);
});
