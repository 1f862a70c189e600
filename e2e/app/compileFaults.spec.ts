import { compileEnd } from '../../fixtures/compileEnd.ts';
import { expect, test } from '../../fixtures/deployedTest.ts';
import { ENOUGH, smallDataset } from '../../fixtures/smallDataset.ts';
import { selectTool } from '../../loop/catalog/selectTool.ts';
import { compileStart, examplesImport } from '../../loop/contract/endpoint.ts';
import type { Split } from '../../loop/contract/example.ts';

test.use({ deployment: 'compileFaults' });

test('a row that is always refused is set aside and named, and one that hangs is asked once more instead of waited for', async ({
  dse,
  model,
}) => {
  const signatureId = selectTool.id;
  const rows = smallDataset(ENOUGH);
  const first = (split: Split) => rows.find(row => row.split === split);
  const [poison, straggler] = [first('train'), first('dev')];
  const messageOf = (row: typeof poison) => selectTool.text?.(row?.inputJson ?? null) ?? '';
  await dse.call(examplesImport, { signatureId, examples: rows });
  await model.set(
    { kind: 'rate_limit', match: messageOf(poison), retryAfterSeconds: null },
    { kind: 'hang', match: messageOf(straggler), times: 1 },
  );
  const { job } = await dse.call(compileStart, { signatureId });
  const { report } = await compileEnd(dse, job.jobId);
  expect(report?.setAside).toEqual([
    { exampleId: poison?.exampleId, split: 'train', errorCode: 'model_rate_limited' },
  ]);
  const errors = report?.candidates.map(candidate => candidate.errors);
  expect(
    errors?.[0],
    'today’s artifact was asked, and the straggler answered: waited for, it would count too',
  ).toBe(1);
  expect(
    errors?.slice(1).every(count => count === 0),
    'nobody else was asked',
  ).toBe(true);
  expect(report?.decision, 'the rest was searched as ever').toBe('improved');
});
