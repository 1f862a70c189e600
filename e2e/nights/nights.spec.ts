import { cpSync } from 'node:fs';
import { aftermath } from '../../fixtures/chaos/aftermath.ts';
import { expect, test } from '../../fixtures/chaos/nightTest.ts';
import { NightProcess } from '../../fixtures/nightProcess.ts';
import { storedAnswers } from '../../fixtures/storedAnswers.ts';
import { isFolderFree, StoredRows } from '../../fixtures/storedRows.ts';
import { selectTool } from '../../loop/catalog/selectTool.ts';

// One story on one state folder: each night begins where the one before was left.
test.describe.configure({ mode: 'serial' });

const RUN = 'night-of-kills';
const backendEnds = (stateDir: string) => expect.poll(() => isFolderFree(stateDir)).toBe(true);

test('a runner killed in the compile leaves nothing running, and keeps what was paid for', async ({
  stateDir,
}) => {
  const night = new NightProcess(stateDir, RUN);
  await night.untilCompiling(100);
  const { output } = await night.kill();
  expect(output, 'it was killed before its report').not.toContain('the job runs to a report');
  await backendEnds(stateDir);
});

test('killed in the canary it stops again, and the watchdog closes canary and night', async ({
  stateDir,
  sabotagedDir,
}) => {
  const night = new NightProcess(stateDir, RUN);
  await night.untilCanaryHas(2);
  await night.kill();
  await backendEnds(stateDir);
  cpSync(stateDir, sabotagedDir, { recursive: true });
  const { swept } = await aftermath(sabotagedDir);
  expect(swept).toMatchObject({
    canaries: [{ status: 'stopped', stopReason: 'No sign of life from its traffic for a minute.' }],
    runs: [{ runId: RUN, status: 'finished', verdict: 'failed' }],
    moves: [],
  });
});

test('continued once more, it refuses a second night by name, and ends promoted with every call paid once', async ({
  stateDir,
}) => {
  const night = new NightProcess(stateDir, RUN);
  await night.untilCanaryHas(3);
  const second = await new NightProcess(stateDir, 'second', { args: ['--grep', 'the lease is ours'] }).end();
  expect(second.output).toContain(`Run ${RUN} holds`);
  expect(second.output, 'the canary is not its own to clean up').not.toMatch(/✘.*no canary of this night/);
  expect(second.code).toBe(1);
  const { code, result, output } = await night.end();
  expect(result, output).toMatchObject({ verdict: 'promoted', runId: RUN, signatureId: selectTool.id });
  expect(code).toBe(0);
  const { holdout, compile } = result ?? {};
  expect(holdout?.after).toBeGreaterThan(holdout?.before ?? 1);
  expect(holdout?.pValue).toBeLessThan(0.03);
  const paid = storedAnswers(stateDir);
  const rows = new Set(paid.map(row => `${row.candidateKey} ${row.contentHash}`));
  expect(rows.size, 'no row was asked twice of one artifact').toBe(paid.length);
  const calls = paid.reduce((sum, { spent }) => sum + spent.calls, 0);
  expect(compile?.modelCalls, 'of both parts of the night').toBe(calls);
  const { left } = await aftermath(stateDir);
  expect(left).toMatchObject({
    canaries: [{ runId: RUN, status: 'stopped', stopReason: 'Promoted.' }],
    moves: [{ action: 'promote' }],
    soaks: [{ status: 'ended', outcome: 'healthy' }],
  });
  const ofNights = left.runs.map(({ runId, status, verdict }) => ({ runId, status, verdict }));
  expect(ofNights, 'the refused night has a record too, and no verdict on what it never held').toEqual([
    { runId: RUN, status: 'finished', verdict: 'promoted' },
    { runId: 'second', status: 'finished', verdict: null },
  ]);
});

test('of two nights started at once one is kept and spends no model call; the other is refused, or waits for its turn', async ({
  stateDir,
}) => {
  const nights = ['night-after', 'night-beside'].map(runId => new NightProcess(stateDir, runId));
  const ended = await Promise.all(nights.map(night => night.end()));
  const [first, other] = ended.toSorted((a, b) => (a.code ?? 1) - (b.code ?? 1));
  const kept = { verdict: 'kept', compile: { modelCalls: 0 }, canary: null };
  expect(first?.result, first?.output).toMatchObject(kept);
  expect(first?.code).toBe(0);
  if (other?.code === 0) {
    // A start waits for the folder for a while, and a night that is kept may be over by then.
    expect(other.result, other.output).toMatchObject(kept);
    const runs = new StoredRows(stateDir)
      .all('dseOpsRuns')
      .filter(({ runId }) => runId === 'night-after' || runId === 'night-beside')
      .sort((a, b) => Number(a.startedAt) - Number(b.startedAt));
    expect(runs).toHaveLength(2);
    expect(runs[1]?.startedAt, 'they never ran side by side').toBeGreaterThanOrEqual(
      Number(runs[0]?.finishedAt),
    );
  } else {
    // It found a folder in use, or, a moment later, a backend to share and its lease taken.
    expect(other?.output).toMatch(/is in use by another server|Run night-\w+ holds/);
    expect(other?.code).toBe(1);
  }
});

test('one phase alone works on what is in Convex', async ({ stateDir }) => {
  const night = new NightProcess(stateDir, 'compile-alone', { args: ['--grep', '@compile'] });
  const { code, result, output } = await night.end();
  expect(result, output).toMatchObject({ verdict: 'kept', compile: { modelCalls: 0 } });
  expect(code).toBe(0);
});
