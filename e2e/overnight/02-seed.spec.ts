import { readDatasetOf } from '../../fixtures/datasetFile.ts';
import { datasetPath, nightSignature } from '../../fixtures/nightSignature.ts';
import { expect, test } from '../../fixtures/test.ts';
import { leastRows } from '../../loop/compile/jobSpec.ts';
import { examplesImport } from '../../loop/contract/endpoint.ts';

test.describe.configure({ mode: 'serial' });

const signature = nightSignature();
const examples = readDatasetOf(signature, datasetPath(signature));

test('the data set is imported and a second import changes nothing', { tag: '@seed' }, async ({
  dse,
  opsRun,
}) => {
  const { signatureId } = opsRun;
  const first = await dse.call(examplesImport, { signatureId, examples });
  const second = await dse.call(examplesImport, { signatureId, examples });
  expect(second).toEqual({ ...first, added: 0, updated: 0, unchanged: examples.length });
});

test('the revision is pinned and every split has the rows it needs', { tag: '@seed' }, async ({
  convex,
  opsRun,
}) => {
  const dataset = await convex.dataset(opsRun.signatureId);
  expect(dataset).not.toBeNull();
  const counts = dataset?.counts ?? { train: 0, dev: 0, holdout: 0, canary: 0 };
  expect(counts.train + counts.dev + counts.holdout + counts.canary).toBeGreaterThanOrEqual(leastRows.total);
  expect(counts.train).toBeGreaterThanOrEqual(leastRows.train);
  expect(counts.dev).toBeGreaterThanOrEqual(leastRows.dev);
  expect(counts.holdout).toBeGreaterThanOrEqual(leastRows.holdout);
  expect(counts.canary).toBeGreaterThan(0);
  await opsRun.record('seed', `Pinned a revision of ${examples.length} rows.`, {
    datasetHash: dataset?.datasetHash ?? '',
    counts,
  });
});
