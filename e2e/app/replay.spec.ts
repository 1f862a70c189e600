import { cpSync } from 'node:fs';
import { ChatUser } from '../../fixtures/chatUser.ts';
import { type Embedded, startEmbedded } from '../../fixtures/embedded/embedded.ts';
import { embeddedSecrets } from '../../fixtures/embedded/stateFolder.ts';
import { smallNight } from '../../fixtures/smallNight.ts';
import { expect, test } from '../../fixtures/stateDir.ts';
import { changeStoredAnswer } from '../../fixtures/storedAnswers.ts';
import { StoredRows } from '../../fixtures/storedRows.ts';
import { undiciFetch } from '../../fixtures/undiciFetch.ts';
import { createApiClient } from '../../loop/contract/client.ts';
import { replay } from '../../loop/contract/endpoint.ts';
import type { Replay } from '../../loop/contract/replay.ts';

// One night, replayed as it is and then with rows that somebody changed on the disk.
test.describe.configure({ mode: 'serial' });

const runId = 'small-night';
const start = (dir: string) => startEmbedded({ stateDir: dir, ports: 'free', log: () => undefined });
const adminOf = ({ siteUrl }: Embedded, dir: string) =>
  createApiClient({
    baseUrl: siteUrl,
    credential: embeddedSecrets(dir).OA_DSE_ADMIN_SECRET,
    fetch: undiciFetch,
  });
const outcomesOf = ({ decisions }: Replay) =>
  Object.fromEntries(decisions.map(({ decision, outcome }) => [decision, outcome]));

test('every decision of a night follows from its stored rows, and no model is asked again', async ({
  stateDir,
}) => {
  const app = await start(stateDir);
  try {
    const dse = adminOf(app, stateDir);
    const { OA_E2E_BYPASS_SECRET } = embeddedSecrets(stateDir);
    await smallNight(dse, runId, name => ChatUser.signIn(app.siteUrl, OA_E2E_BYPASS_SECRET, name));
    const asked = async () => (await undiciFetch(new URL('/stats', app.modelUrl))).text();
    const before = await asked();
    const replayed = await dse.call(replay, { runId });
    expect(replayed.decisions.filter(({ outcome }) => outcome !== 'ok')).toEqual([]);
    expect(replayed).toMatchObject({ runId, agrees: true });
    expect(Object.keys(outcomesOf(replayed))).toEqual([
      'data revision',
      'compile choice',
      'holdout answers',
      'holdout gate',
      'opening of the holdout',
      'canary counts',
      'canary verdict',
      'verdict of the night',
    ]);
    expect(await asked()).toBe(before);
    await expect(dse.call(replay, { runId: 'no-such-night' })).rejects.toMatchObject({ code: 'unknown_run' });
  } finally {
    await app.close();
  }
});

test('rows that were changed on the disk are found out, each by the decision it bears on', async ({
  stateDir,
  sabotagedDir,
}) => {
  cpSync(stateDir, sabotagedDir, { recursive: true });
  const rows = new StoredRows(sabotagedDir);
  // A wrong holdout answer is made a right one: more receipts, labels and figures than one row speak against it.
  const flipped = changeStoredAnswer(
    rows,
    answer => answer.receiptId !== null && answer.score === 0,
    answer => ({ ...answer, score: 1 }),
  );
  const relabelled = rows.change(
    'dseExamples',
    row => row.split === 'canary',
    row => ({ ...row, metaJson: '{"changed":true}' }),
  );
  rows.change(
    'receipts',
    row => (row.outcome as { correct?: boolean } | null)?.correct === false,
    row => ({ ...row, outcome: { ...(row.outcome as object), correct: true } }),
  );
  rows.change(
    'dseOpsRuns',
    row => row.runId === runId,
    row => ({ ...row, verdict: 'promoted' }),
  );
  const app = await start(sabotagedDir);
  try {
    const replayed = await adminOf(app, sabotagedDir).call(replay, { runId });
    expect(replayed.agrees).toBe(false);
    expect(outcomesOf(replayed)).toMatchObject({
      'data revision': 'differs',
      'compile choice': 'ok',
      'holdout answers': 'differs',
      'holdout gate': 'differs',
      'canary counts': 'differs',
      'verdict of the night': 'differs',
    });
    const why = (name: string) => replayed.decisions.find(({ decision }) => decision === name)?.why;
    expect(why('data revision')).toContain(relabelled.exampleId);
    expect(why('holdout answers')).toContain(flipped.exampleId);
    expect(why('verdict of the night')).toBe('verdict: "promoted" stored, "failed" recomputed');
  } finally {
    await app.close();
  }
});
