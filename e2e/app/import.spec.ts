import { expect, test } from '../../fixtures/deployedTest.ts';
import { respondId, selectToolId } from '../../loop/catalog/ids.ts';
import type { ApiError } from '../../loop/contract/apiClientError.ts';
import { examplesImport } from '../../loop/contract/endpoint.ts';
import type { Example, Split } from '../../loop/contract/example.ts';

const signatureId = selectToolId;

/** A sound row whose words no other row has, since its id stands between them. */
function row(exampleId: string, changes: Partial<Example> = {}): Example {
  const words = exampleId.replaceAll(/[^a-z0-9]/gi, '');
  return {
    exampleId,
    inputJson: { message: `${words}a ${words}b ${words}c ${words}d ${words}e`, blueprintHint: '' },
    expectedJson: { tool: 'none' },
    split: 'train',
    tags: [],
    meta: {},
    ...changes,
  };
}

const message = (text: string) => ({ message: text, blueprintHint: '' });

interface BadImport {
  title: string;
  /** Rows that must be refused, made of names that are unique to the test. */
  rows: (id: string) => object[];
  code: string;
  status: number;
  says: RegExp;
}

const badImports: BadImport[] = [
  {
    title: 'a malformed row',
    rows: id => [row(`${id}-1`), { ...row(`${id}-2`), split: 'exam' }],
    code: 'bad_request',
    status: 400,
    says: /examples\.1\.split: /,
  },
  {
    title: 'a row with an unknown field',
    rows: id => [{ ...row(`${id}-1`), label: 'none' }],
    code: 'bad_request',
    status: 400,
    says: /examples\.0: .*"label"/,
  },
  {
    title: 'no rows',
    rows: () => [],
    code: 'bad_request',
    status: 400,
    says: /examples: /,
  },
  {
    title: 'an exampleId that comes twice',
    rows: id => [
      row(`${id}-1`),
      row(`${id}-2`),
      row(`${id}-1`, { inputJson: message(`${id} said otherwise`) }),
    ],
    code: 'dataset_invalid',
    status: 422,
    says: /row 3 \(.*-1\): duplicate exampleId: it is also in row 1/,
  },
  {
    title: 'a label outside the schema',
    rows: id => [row(`${id}-1`), row(`${id}-2`, { expectedJson: { tool: 'make_coffee' } })],
    code: 'dataset_invalid',
    status: 422,
    says: /row 2 \(.*-2\): expectedJson\.tool: /,
  },
  {
    title: 'an input that does not fit the signature',
    rows: id => [row(`${id}-1`, { inputJson: { question: 'where is the message?' } })],
    code: 'dataset_invalid',
    status: 422,
    says: /row 1 \(.*-1\): inputJson/,
  },
  {
    title: 'nearly the same text in two splits',
    rows: id => [
      row(`${id}-1`, { inputJson: message(`${id}x ${id}y buy oat milk and bread`) }),
      row(`${id}-2`, {
        inputJson: message(`${id}X, ${id}Y: buy some oat milk and bread!`),
        split: 'holdout',
      }),
    ],
    code: 'dataset_invalid',
    status: 422,
    says: /row 2 \(.*-2\): its text is nearly that of .*-1, which is in split train, not holdout/,
  },
];

for (const { title, rows, code, status, says } of badImports) {
  test(`${title}: refused by name, and the revision stays as it was`, async ({
    request,
    credentials,
    convex,
    unique,
  }) => {
    const before = await convex.dataset(signatureId);
    const answer = await request.post('/api/dse/examples/import', {
      headers: { authorization: `Bearer ${credentials.admin}` },
      data: { signatureId, examples: rows(unique) },
    });
    const { error } = (await answer.json()) as { error: { code: string; message: string } };
    expect({ status: answer.status(), code: error.code }).toEqual({ status, code });
    expect(error.message).toMatch(says);
    expect(await convex.dataset(signatureId)).toEqual(before);
  });
}

test('every bad row is named, not only the first', async ({ dse, unique }) => {
  const examples = Array.from({ length: 30 }, (_, i) =>
    row(`${unique}-${i + 1}`, { expectedJson: { tool: 'make_coffee' } }),
  );
  const refusal = await dse.call(examplesImport, { signatureId, examples }).catch((error: ApiError) => error);
  expect(refusal).toMatchObject({ code: 'dataset_invalid' });
  expect(String(refusal)).toContain('Nothing was imported. row 1 (');
  expect(String(refusal)).toContain('and 10 more');
  expect((refusal as ApiError).details).toHaveLength(30);
});

test('a signature nobody deployed is refused', async ({ dse, unique }) => {
  await expect(
    dse.call(examplesImport, { signatureId: '@made/up/Thing.v1', examples: [row(unique)] }),
  ).rejects.toMatchObject({ code: 'unknown_signature', status: 404 });
});

test('a row that is one of an earlier import, in another split, is refused', async ({
  dse,
  convex,
  unique,
}) => {
  const first = row(`${unique}-1`);
  await dse.call(examplesImport, { signatureId, examples: [first] });
  const before = await convex.dataset(signatureId);
  const late = row(`${unique}-2`, { inputJson: first.inputJson, split: 'holdout' });
  const refusal = dse.call(examplesImport, { signatureId, examples: [late] });
  await expect(refusal).rejects.toMatchObject({ code: 'dataset_invalid' });
  await expect(refusal).rejects.toThrow(/row 1 \(.*-2\): its text is that of .*-1/);
  expect(await convex.dataset(signatureId)).toEqual(before);
});

test('a row may move to another split: it does not collide with itself', async ({ dse, unique }) => {
  await dse.call(examplesImport, { signatureId, examples: [row(unique)] });
  const moved = await dse.call(examplesImport, { signatureId, examples: [row(unique, { split: 'dev' })] });
  expect(moved).toMatchObject({ added: 0, updated: 1, unchanged: 0 });
});

test('more than a thousand rows come in at once, and again without any change', async ({
  dse,
  convex,
  unique,
}) => {
  const splits: Split[] = ['train', 'dev', 'holdout', 'canary'];
  const examples = Array.from({ length: 1_200 }, (_, i) =>
    row(`${unique}-${i}`, { split: splits[i % 4] as Split }),
  );
  const before = await convex.dataset(signatureId);
  const first = await dse.call(examplesImport, { signatureId, examples });
  expect(first).toMatchObject({ added: 1_200, updated: 0, unchanged: 0 });
  expect(first.counts.holdout).toBe((before?.counts.holdout ?? 0) + 300);
  expect(first.power).toContain(`With ${first.counts.holdout} holdout items`);
  const again = await dse.call(examplesImport, { signatureId, examples: examples.toReversed() });
  expect(again).toMatchObject({ added: 0, updated: 0, unchanged: 1_200, datasetHash: first.datasetHash });
  expect(await convex.dataset(signatureId)).toMatchObject({ datasetHash: first.datasetHash });
});

test('one changed row makes a new revision, and changing it back pins the old one with its content', async ({
  dse,
  convex,
  unique,
}) => {
  const kept = row(`${unique}-kept`, { split: 'canary' });
  const changing = row(`${unique}-changing`, { split: 'canary' });
  const textOf = async () =>
    (await convex.canaryExamples(signatureId)).find(each => each.exampleId === changing.exampleId)?.input;
  const old = await dse.call(examplesImport, { signatureId, examples: [kept, changing] });
  expect(await textOf()).toEqual(changing.inputJson);

  const changed = { ...changing, inputJson: message(`${unique}n ${unique}m other words`) };
  const next = await dse.call(examplesImport, { signatureId, examples: [changed] });
  expect(next).toMatchObject({ added: 0, updated: 1, unchanged: 0, counts: old.counts });
  expect(next.datasetHash).not.toBe(old.datasetHash);
  expect(await textOf()).toEqual(changed.inputJson);

  const back = await dse.call(examplesImport, { signatureId, examples: [changing] });
  expect(back).toMatchObject({ updated: 1, datasetHash: old.datasetHash });
  expect(await textOf()).toEqual(changing.inputJson);
});

test('of two imports at once that leak into each other only one gets in', async ({ dse, convex, unique }) => {
  const before = await convex.dataset(signatureId);
  const [one, two] = ['one', 'two'].map(name =>
    row(`${unique}-${name}`, { inputJson: message(`${unique} tea`) }),
  );
  const outcomes = await Promise.allSettled([
    dse.call(examplesImport, { signatureId, examples: [one as Example] }),
    dse.call(examplesImport, { signatureId, examples: [{ ...(two as Example), split: 'holdout' }] }),
  ]);
  const refused = outcomes.filter(outcome => outcome.status === 'rejected');
  expect(refused.map(outcome => (outcome.reason as ApiError).code).join()).toMatch(
    /^(conflict|dataset_invalid)$/,
  );
  const after = await convex.dataset(signatureId);
  const sum = (counts: Record<string, number> = {}) => Object.values(counts).reduce((a, b) => a + b, 0);
  expect(sum(after?.counts) - sum(before?.counts), 'a leak between splits never gets in').toBe(1);
});

test('each signature has a data set of its own', async ({ dse, convex, unique }) => {
  const before = await convex.dataset(signatureId);
  const answer = await dse.call(examplesImport, {
    signatureId: respondId,
    examples: [
      row(unique, {
        inputJson: { message: unique, change: 'nothing', notes: 'none' },
        expectedJson: 'Hello.',
      }),
    ],
  });
  expect(answer).toMatchObject({ added: 1 });
  expect(await convex.dataset(signatureId)).toEqual(before);
});
