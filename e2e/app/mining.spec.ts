import { expect, test } from '../../fixtures/deployedTest.ts';
import { evalEnd } from '../../fixtures/evalEnd.ts';
import { smallDataset } from '../../fixtures/smallDataset.ts';
import { selectToolId } from '../../loop/catalog/ids.ts';
import { selectTool } from '../../loop/catalog/selectTool.ts';
import {
  compileStart,
  evalStart,
  examplesImport,
  reviewDecide,
  reviewList,
  traceExport,
} from '../../loop/contract/endpoint.ts';
import type { Split } from '../../loop/contract/example.ts';
import type { Candidate } from '../../loop/contract/mining.ts';

// One deployment: what people wrote in the first test is exported and reviewed in the others.
test.describe.configure({ mode: 'serial' });
test.use({ deployment: 'mining' });

const signatureId = selectToolId;
const rows = smallDataset({ train: 12, dev: 6, holdout: 9, canary: 4 });
const [labelled] = rows;
const labelledText = labelled ? (selectTool.text?.(labelled.inputJson) ?? '') : '';

const wishes = [
  'Please keep an eye on the orchid in the hall every second evening.',
  'From now on sign your letters as Quillfeather.',
  'The tea for Aunt Brunhilde is kept behind the blue jars.',
];

let datasetHash: string;
let candidates: Candidate[];

test('a dry run tells what traffic would give, with provenance, and writes nothing', async ({
  dse,
  chatUser,
}) => {
  ({ datasetHash } = await dse.call(examplesImport, { signatureId, examples: rows }));
  const user = await chatUser('writer');
  for (const text of [
    ...wishes,
    `${wishes[0]}`,
    'Please keep an eye on the orchid in the hall every second evening, okay.',
    labelledText,
    'My password is tulip-4711!',
  ])
    await user.send(text);

  const dry = await dse.call(traceExport, { signatureId, dryRun: true, tags: ['mined', 'may'] });
  expect(dry.candidates.map(({ inputJson }) => (inputJson as { message: string }).message)).toHaveLength(3);
  const reasons = dry.skipped.map(({ reason }) => reason).sort();
  expect(reasons).toEqual(['duplicate', 'duplicate', 'near_duplicate', 'secret']);
  expect(
    dry.skipped.find(({ of }) => of === labelled?.exampleId),
    'the labelled row is named',
  ).toBeTruthy();
  for (const candidate of dry.candidates) {
    expect(candidate).toMatchObject({ review: 'pending', split: 'train', tags: ['mined', 'may'] });
    expect(candidate.provenance).toMatchObject({ unit: user.userId, compiledId: /./ });
    expect(JSON.stringify([candidate.inputJson, candidate.proposedJson])).not.toContain(user.userId);
  }
  expect(JSON.stringify(dry)).not.toContain('tulip');
  expect((await dse.call(reviewList, { signatureId })).candidates).toEqual([]);
});

test('exported rows wait for review, and the same receipts give none again', async ({ dse }) => {
  const { candidates: first } = await dse.call(traceExport, { signatureId });
  expect(first).toHaveLength(3);
  const again = await dse.call(traceExport, { signatureId });
  expect(again.candidates).toEqual([]);
  candidates = (await dse.call(reviewList, { signatureId })).candidates;
  expect(candidates.map(({ exampleId }) => exampleId).sort()).toEqual(
    first.map(({ exampleId }) => exampleId).sort(),
  );
});

test('no candidate is ever seen by compile, gate, canary or evaluation', async ({ dse }) => {
  const ids = candidates.map(({ exampleId }) => exampleId);
  // What a revision holds is all that compile, gate, evaluation and canary read: an import of the same rows is the same revision.
  const again = await dse.call(examplesImport, { signatureId, examples: rows });
  expect(again).toMatchObject({ datasetHash, unchanged: rows.length, counts: { train: 12, holdout: 9 } });
  await expect(dse.call(compileStart, { signatureId })).rejects.toThrow(
    'the data set has train 12, dev 6, holdout 9, canary 4',
  );
  for (const split of ['train', 'dev', 'canary'] as const) {
    const { eval: started } = await dse.call(evalStart, { signatureId, split });
    const { report } = await evalEnd(dse, started.evalId);
    expect(report?.rows.map(({ exampleId }) => exampleId).filter(id => ids.includes(id))).toEqual([]);
    expect(report?.datasetHash).toBe(datasetHash);
  }
});

test('a review with one wrong decision changes nothing', async ({ dse }) => {
  const [first, second] = candidates;
  const decide = (exampleId: string, expectedJson: { tool: string }, split: Split = 'train') =>
    dse.call(reviewDecide, {
      signatureId,
      by: 'rosa',
      source: 'person',
      decisions: [
        { exampleId: first?.exampleId ?? '', decision: 'reject' },
        { exampleId, decision: 'confirm', expectedJson, split },
      ],
    });
  const wrongLabel = decide(second?.exampleId ?? '', { tool: 'juggle' });
  await expect(wrongLabel).rejects.toMatchObject({ code: 'dataset_invalid', status: 422 });
  await expect(wrongLabel).rejects.toThrow(/Nothing was changed/);
  await expect(decide('mined-none', { tool: 'none' })).rejects.toMatchObject({ code: 'unknown_candidate' });
  const { exampleId: twice = '' } = first ?? {};
  await expect(decide(twice, { tool: 'none' })).rejects.toMatchObject({ code: 'bad_request' });
  expect((await dse.call(reviewList, { signatureId })).candidates).toEqual(candidates);
});

test('a confirmed candidate is a labelled row of a new revision, a rejected one never comes back', async ({
  dse,
}) => {
  const [first, second, third] = candidates.map(({ exampleId }) => exampleId);
  const request = {
    signatureId,
    by: 'rosa',
    source: 'person' as const,
    decisions: [
      {
        exampleId: first ?? '',
        decision: 'confirm' as const,
        expectedJson: { tool: 'memory_append' },
        split: 'dev' as const,
      },
      { exampleId: second ?? '', decision: 'reject' as const, note: 'Too odd to learn from.' },
    ],
  };
  const reviewed = await dse.call(reviewDecide, request);
  expect(reviewed).toMatchObject({ confirmed: 1, rejected: 1 });
  expect(reviewed.datasetHash).not.toBe(datasetHash);
  await expect(dse.call(reviewDecide, request)).rejects.toMatchObject({ code: 'already_reviewed' });

  const { eval: started } = await dse.call(evalStart, { signatureId, split: 'dev' });
  const { report } = await evalEnd(dse, started.evalId);
  expect(report?.datasetHash).toBe(reviewed.datasetHash);
  const row = report?.rows.find(({ exampleId }) => exampleId === first);
  expect(row?.expected).toBe('{"tool":"memory_append"}');
  const rejected = await dse.call(reviewList, { signatureId, review: 'rejected' });
  expect(rejected.candidates[0]).toMatchObject({
    exampleId: second,
    decision: { by: 'rosa', source: 'person', note: 'Too odd to learn from.' },
  });
  expect((await dse.call(traceExport, { signatureId })).candidates).toEqual([]);
  const left = (await dse.call(reviewList, { signatureId })).candidates.map(({ exampleId }) => exampleId);
  expect(left).toEqual([third]);
});
