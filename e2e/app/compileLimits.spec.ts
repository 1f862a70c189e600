import { rmSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { compileEnd } from '../../fixtures/compileEnd.ts';
import { type EmbeddedProcess, startEmbeddedProcess } from '../../fixtures/embedded/embeddedProcess.ts';
import { smallDataset } from '../../fixtures/smallDataset.ts';
import { storedAnswers } from '../../fixtures/storedAnswers.ts';
import { selectToolId } from '../../loop/catalog/ids.ts';
import { compileStart, examplesImport } from '../../loop/contract/endpoint.ts';

const signatureId = selectToolId;
const rows = smallDataset({ train: 60, dev: 20, holdout: 40, canary: 10 });

test('a compile that its limit of calls does not reach for halves the field, still picks and passes the gate, and names the limit', async () => {
  const MOST = 400;
  const { ended, spent } = await compileWith({ OVERNIGHT_MAX_CALLS: String(MOST) });
  expect(ended.job).toMatchObject({
    status: 'done',
    stopReason: `The search ended at its limit of ${MOST} calls, with the best it had found.`,
    error: null,
  });
  const reasons = ended.report?.candidates.map(({ why }) => why);
  expect(reasons).toContain(`Halved out: the limit of ${MOST} calls did not reach for it.`);
  expect(ended.report?.decision).toMatch(/improved|kept/);
  expect(spent.calls).toBeLessThanOrEqual(MOST);
  expect(spent.calls, 'nothing is counted that is not in the ledger').toBe(ended.job.progress.modelCalls);
});

test('a compile whose limit of tokens ends on the way fails with limit_reached, has not spent more, and keeps what it paid for', async () => {
  // Less than the first calls at once would take.
  const MOST = 10_000;
  const { ended, spent } = await compileWith({ OVERNIGHT_MAX_TOKENS: String(MOST) });
  expect(ended.job).toMatchObject({ status: 'failed', error: { code: 'limit_reached' } });
  expect(ended.job.stopReason).toContain(`The limit of ${MOST} tokens is reached`);
  expect(ended.report).toBeNull();
  expect(spent.tokens).toBeLessThanOrEqual(MOST);
  expect(spent.tokens, 'it went as far as it could').toBeGreaterThan(MOST / 2);
  expect(spent.tokens).toBe(ended.job.progress.tokens);
});

/** Compiles on a backend of its own with these limits: how that ended, and what all answers in its ledger have cost. */
async function compileWith(limits: Readonly<Record<string, string>>) {
  const backend = await startEmbeddedProcess(undefined, limits);
  // The backend keeps its file to itself while it runs.
  const ended = await compileOn(backend).finally(() => backend.kill());
  const spent = { calls: 0, tokens: 0 };
  for (const answer of storedAnswers(backend.stateDir)) {
    spent.calls += answer.spent.calls;
    spent.tokens += answer.spent.tokens;
  }
  rmSync(backend.stateDir, { recursive: true, force: true });
  return { ended, spent };
}

async function compileOn({ dse }: EmbeddedProcess) {
  await dse.call(examplesImport, { signatureId, examples: rows });
  const { job } = await dse.call(compileStart, { signatureId });
  return await compileEnd(dse, job.jobId);
}
