import { rmSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { AdminFunctions } from '../../fixtures/adminFunctions.ts';
import { ChatUser } from '../../fixtures/chatUser.ts';
import { Clock } from '../../fixtures/clock.ts';
import { startEmbedded } from '../../fixtures/embedded/embedded.ts';
import { startEmbeddedProcess } from '../../fixtures/embedded/embeddedProcess.ts';
import { embeddedSecrets } from '../../fixtures/embedded/stateFolder.ts';
import { ModelFaults } from '../../fixtures/modelFaults.ts';
import { undiciFetch } from '../../fixtures/undiciFetch.ts';
import { Watchdog } from '../../fixtures/watchdog.ts';
import { respondId, selectToolId } from '../../loop/catalog/ids.ts';
import { createApiClient } from '../../loop/contract/client.ts';
import { receiptsList } from '../../loop/contract/endpoint.ts';

interface OpenRow {
  readonly _id: string;
  readonly signatureId: string;
  readonly requestId: string;
}

test('predicts that kill -9 cuts off get one receipt each after the restart, and a late answer is dropped', async () => {
  const killed = await startEmbeddedProcess();
  const { stateDir } = killed;
  const secret = embeddedSecrets(stateDir).OA_E2E_BYPASS_SECRET;
  const model = new ModelFaults(killed.modelUrl);
  const before = new AdminFunctions(killed.convexUrl, stateDir);
  const openRows = async () => await before.rows<OpenRow>('dseOpenPredicts');
  const opened = (signatureId: string) =>
    expect.poll(async () => (await openRows()).map(row => row.signatureId)).toContain(signatureId);

  const [answering, choosing] = [
    await ChatUser.signIn(killed.siteUrl, secret, 'cut-off-answering'),
    await ChatUser.signIn(killed.siteUrl, secret, 'cut-off-choosing'),
  ];
  await model.set({ kind: 'hang', match: 'You are Autopilot' });
  const broken = [answering.send('remember that the key is under the mat').catch(() => 'broken')];
  await opened(respondId);
  await model.set({ kind: 'hang' });
  broken.push(choosing.send('what do I pay for the boat?').catch(() => 'broken'));
  await opened(selectToolId);
  const rows = await openRows();
  await killed.kill();
  expect(await Promise.all(broken)).toEqual(['broken', 'broken']);

  const clock = new Clock();
  const app = await startEmbedded({ stateDir, ports: 'free', log: () => undefined });
  try {
    const functions = new AdminFunctions(app.url, stateDir);
    const dse = createApiClient({
      baseUrl: app.siteUrl,
      credential: embeddedSecrets(stateDir).OA_DSE_ADMIN_SECRET,
      fetch: undiciFetch,
    });
    const ends = async (signatureId: string) => {
      const requestId = rows.find(row => row.signatureId === signatureId)?.requestId ?? '';
      const { receipts } = await dse.call(receiptsList, { requestId });
      return receipts.map(({ signatureId: id, result }) => [id, result.ok ? 'ok' : result.error.code]);
    };
    const watchdog = new Watchdog(functions);
    await watchdog.sweep();
    expect(await ends(selectToolId), 'while its time lasts').toEqual([]);

    clock.advance(60_000);
    await watchdog.sweep();
    await watchdog.sweep();
    await expect.poll(() => functions.rows('dseOpenPredicts')).toEqual([]);
    expect(await ends(selectToolId)).toEqual([[selectToolId, 'interrupted']]);
    expect(await ends(respondId)).toEqual([
      [respondId, 'interrupted'],
      [selectToolId, 'ok'],
    ]);

    const late = await functions.mutation('autopilot:answered', {
      openId: rows.find(row => row.signatureId === respondId)?._id,
      text: 'Here I am.',
      error: null,
      cardJson: null,
      receiptJson: '{}',
      unstoredJson: null,
    });
    expect(late).toBe(false);
    expect(await ends(respondId)).toHaveLength(2);
    for (const userId of [answering.userId, choosing.userId]) {
      const { messages } = await (await ChatUser.signIn(app.siteUrl, secret, userId)).thread();
      expect(messages.at(-1)).toMatchObject({
        status: 'failed',
        text: '',
        error: 'The server stopped while it worked on this. Send it again.',
      });
    }
  } finally {
    clock.restore();
    await app.close();
    rmSync(stateDir, { recursive: true, force: true });
  }
});
