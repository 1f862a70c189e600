import { cpSync } from 'node:fs';
import { NightProcess } from '../../fixtures/nightProcess.ts';
import { expect, test } from '../../fixtures/stateDir.ts';
import { StoredRows } from '../../fixtures/storedRows.ts';
import { selectTool } from '../../loop/catalog/selectTool.ts';

// One story on one state folder: each night begins where the one before was left.
test.describe.configure({ mode: 'serial' });

const RUN = 'night-of-kills';

test('a runner killed in the compile leaves nothing running, and keeps what was paid for', async ({
  stateDir,
}) => {
  const night = new NightProcess(stateDir, RUN);
  await night.untilCompiling(500);
  await night.kill();
  await expect
    .poll(() => night.canary(), { message: 'the backend ends with its runner', timeout: 10_000 })
    .toBeUndefined();
});

test('continued, it goes on; killed in the canary, it stops again', async ({ stateDir, sabotagedDir }) => {
  const night = new NightProcess(stateDir, RUN);
  await night.untilCanaryHas(20);
  await expect(night.competeForLease()).rejects.toMatchObject({ code: 'lease_held' });
  await night.kill();
  await expect.poll(() => night.canary(), { timeout: 10_000 }).toBeUndefined();
  cpSync(stateDir, sabotagedDir, { recursive: true });
});

test('continued once more, it ends promoted, every call paid once, and no canary open', async ({
  stateDir,
}) => {
  const night = new NightProcess(stateDir, RUN);
  const { code, result, output } = await night.end();
  expect(result, output).toMatchObject({ verdict: 'promoted', runId: RUN, signatureId: selectTool.id });
  expect(code).toBe(0);
  const { holdout, compile } = result ?? {};
  expect(holdout?.after).toBeGreaterThan(holdout?.before ?? 1);
  expect(holdout?.pValue).toBeLessThan(0.03);
  const paid = new StoredRows(stateDir).all('dseEvalResults');
  const rows = new Set(paid.map(row => `${row.candidateKey} ${row.contentHash}`));
  expect(rows.size, 'no row was asked twice of one artifact').toBe(paid.length);
  expect(compile?.modelCalls).toBe(paid.reduce((sum, row) => sum + Number(row.calls), 0));
});

test('the next night on the same data is kept and spends no model call in the compile', async ({
  stateDir,
}) => {
  const night = new NightProcess(stateDir, 'night-after');
  const { code, result, output } = await night.end();
  expect(result, output).toMatchObject({ verdict: 'kept', compile: { modelCalls: 0 }, canary: null });
  expect(code).toBe(0);
});

test('one phase alone works on what is in Convex', async ({ stateDir }) => {
  const night = new NightProcess(stateDir, 'compile-alone', { args: ['--grep', '@compile'] });
  const { code, result, output } = await night.end();
  expect(result, output).toMatchObject({ verdict: 'kept', compile: { modelCalls: 0 } });
  expect(code).toBe(0);
});

test('a canary that starts to fail is stopped by the server, and control stays', async ({ sabotagedDir }) => {
  const night = new NightProcess(sabotagedDir, RUN);
  await night.untilCanaryHas(21);
  await night.poisonCanary();
  const { code, result, output } = await night.end();
  expect(result, output).toMatchObject({ verdict: 'stopped' });
  expect(result?.reason).toContain('stopped');
  expect(code).toBe(1);
});
