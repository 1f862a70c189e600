import { expect, test } from '../../fixtures/deployedTest.ts';
import { selectToolId } from '../../loop/catalog/ids.ts';
import type { ApiClient } from '../../loop/contract/client.ts';
import { datasetGet, examplesImport } from '../../loop/contract/endpoint.ts';
import type { Example } from '../../loop/contract/example.ts';

const signatureId = selectToolId;

function row(exampleId: string, changes: Partial<Example> = {}): Example {
  const word = exampleId.replaceAll(/[^a-z0-9]/gi, '');
  return {
    exampleId,
    inputJson: { message: `${word}a ${word}b ${word}c ${word}d`, blueprintHint: '' },
    expectedJson: { tool: 'none' },
    split: 'train',
    tags: [],
    meta: {},
    ...changes,
  };
}

/** Two revisions, of which the second relabels one row, moves one into the holdout, changes one of it, and adds one. */
async function twoRevisions(dse: ApiClient, id: string): Promise<{ from: string; to: string }> {
  const first = ['relabelled', 'walker', 'still'].map(name => row(`${id}-${name}`));
  const sealed = row(`${id}-sealed`, { split: 'holdout' });
  const second = [
    row(`${id}-relabelled`, { expectedJson: { tool: 'memory_append' } }),
    row(`${id}-walker`, { split: 'holdout' }),
    { ...sealed, inputJson: { message: `${id} said quite otherwise`, blueprintHint: '' } },
    row(`${id}-fresh`, { split: 'dev' }),
  ];
  const { datasetHash: from } = await dse.call(examplesImport, { signatureId, examples: [...first, sealed] });
  const { datasetHash: to } = await dse.call(examplesImport, { signatureId, examples: second });
  return { from, to };
}

test('the drift between two revisions names every row that changed, and keeps the holdout sealed', async ({
  dse,
  unique,
}) => {
  const { from, to } = await twoRevisions(dse, unique);
  const { drift, revisions } = await dse.call(datasetGet, { signatureId });
  expect(revisions.slice(0, 2).map(revision => revision.datasetHash)).toEqual([to, from]);
  expect(drift).toMatchObject({ from, to, added: 1, removed: 0, changed: 2, moved: 1, leakedToHoldout: 1 });
  const kinds = drift?.changes.map(({ exampleId, kind }) => [exampleId.replace(`${unique}-`, ''), kind]);
  expect(kinds).toEqual([
    ['fresh', 'added'],
    ['relabelled', 'changed'],
    ['sealed', 'changed'],
    ['walker', 'moved'],
  ]);
  const textsOf = (name: string) =>
    drift?.changes
      .filter(change => change.exampleId.endsWith(name))
      .map(({ fromText, toText }) => fromText ?? toText);
  expect(textsOf('-sealed')).toEqual([null]);
  expect(textsOf('-walker')).toEqual([null]);
  expect(textsOf('-fresh')).not.toEqual([null]);

  const back = await dse.call(datasetGet, { signatureId, from: to, to: from });
  expect(back.drift).toMatchObject({ from: to, to: from, added: 0, removed: 1, changed: 2, moved: 1 });
});

test('a revision nobody stored is refused, and so is a user of the chat', async ({
  dse,
  credentials,
  request,
}) => {
  const nowhere = `sha256:${'0'.repeat(64)}`;
  await expect(dse.call(datasetGet, { signatureId, to: nowhere })).rejects.toMatchObject({
    code: 'no_dataset',
    message: expect.stringContaining(nowhere),
  });
  const asUser = await request.get(`/api/dse/dataset?signatureId=${encodeURIComponent(signatureId)}`, {
    headers: { authorization: `Bearer ${credentials.user}` },
  });
  expect(asUser.status()).toBe(403);
});

test('the page of a data set tells its labels, its drift and its revisions, on a telephone too', async ({
  page,
  dse,
  unique,
  viewerLink,
  trouble,
}) => {
  await twoRevisions(dse, unique);
  await page.goto(viewerLink);
  await page.goto(`/dse/signature/${encodeURIComponent(signatureId)}`);
  await page.getByRole('link', { name: 'Its data set' }).click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('What SelectTool.v1 is judged by');
  await expect(page.getByText('1 added, 2 changed, 1 moved to another split')).toBeVisible();
  const changes = page.getByRole('table', { name: 'Rows that are not what they were' });
  await expect(changes.getByRole('row').filter({ hasText: `${unique}-sealed` })).toContainText('sealed');
  await expect(page.getByRole('alert')).toContainText('the search has seen it');
  await page.setViewportSize({ width: 390, height: 800 });
  const width = await page.evaluate(() => document.documentElement.scrollWidth);
  expect(width, 'nothing is wider than the screen').toBeLessThanOrEqual(390);
  await page
    .getByRole('link', { name: /^with / })
    .first()
    .click();
  await expect(page).toHaveURL(/\?from=sha256.*&to=sha256/);
  await page.goto('/dse/dataset/@nobody/Nothing.v1');
  await expect(page.getByRole('heading', { level: 1 })).toContainText('There is no data set');
  expect(trouble.seen.filter(line => !line.includes('404'))).toEqual([]);
});
