import { expect, test } from '@playwright/test';
import fc from 'fast-check';
import { idsIn } from './idsIn.ts';
import { pageOf } from './links.ts';

const signatureId = '@openagents/autopilot/blueprint/SelectTool.v1';
const hash = `sha256:${'3f9a1c02'.repeat(8)}`;
const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e';

test('ids that tell their kind become links wherever they stand', () => {
  const text = `Canary can_${uuid} (receipts rcp_${uuid}, rcp_${'0a'.repeat(16)}) of night-20261126-023607-1d03.`;
  expect(idsIn(text).filter(part => part.href !== null)).toEqual([
    { text: `can_${uuid}`, href: pageOf.canary(`can_${uuid}`) },
    { text: `rcp_${uuid}`, href: pageOf.receipt(`rcp_${uuid}`) },
    { text: `rcp_${'0a'.repeat(16)}`, href: pageOf.receipt(`rcp_${'0a'.repeat(16)}`) },
    { text: 'night-20261126-023607-1d03', href: pageOf.night('night-20261126-023607-1d03') },
  ]);
});

test('a report is a report, though the id of its job is part of its own', () => {
  expect(idsIn(`rep_job_${uuid}_2`)).toEqual([
    { text: `rep_job_${uuid}_2`, href: pageOf.report(`rep_job_${uuid}_2`) },
  ]);
});

test('a request is looked up in the night that made it', () => {
  expect(idsIn(`req_${uuid}`, { runId: 'night-1' })[0]?.href).toBe(`/dse/request/req_${uuid}?night=night-1`);
});

test('the night that a text tells of may have any id', () => {
  const runId = 'canary.of-friday';
  expect(idsIn(`For ${runId}: not ${runId}-2, not canaryXof-friday.`, { runId })).toEqual([
    { text: 'For ', href: null },
    { text: runId, href: pageOf.night(runId) },
    { text: `: not ${runId}-2, not canaryXof-friday.`, href: null },
  ]);
});

test('hashes and examples are told apart by their key, in JSON on one line and on many', () => {
  const json = { controlCompiledId: hash, datasetHash: hash, jobHash: hash, exampleId: 'st-0001' };
  for (const text of [JSON.stringify(json), JSON.stringify(json, null, 2)])
    expect(idsIn(text, { signatureId }).flatMap(({ href }) => href ?? [])).toEqual([
      pageOf.artifact(hash),
      pageOf.revision(signatureId, hash),
      pageOf.row(signatureId, 'st-0001'),
    ]);
  expect(idsIn(hash), 'a hash of anything').toEqual([{ text: hash, href: null }]);
});

test('no word is lost, doubled or moved', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.constantFrom(
      `rcp_${uuid}`,
      'night-1',
      `job_${uuid}`,
      `"compiledId":"${hash}"`,
      '"exampleId": "',
      ' ',
      '"',
    ),
  );
  fc.assert(
    fc.property(fc.array(piece), pieces => {
      const text = pieces.join('');
      expect(
        idsIn(text, { signatureId, runId: 'night-1' })
          .map(part => part.text)
          .join(''),
      ).toBe(text);
    }),
  );
});
