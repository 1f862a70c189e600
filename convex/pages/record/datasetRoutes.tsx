/** @jsxImportSource hono/jsx */
import { signatureById } from '../../../loop/catalog/catalog.ts';
import { splitSchema } from '../../../loop/contract/example.ts';
import { internal } from '../../_generated/api.js';
import type { App } from '../../routes/access.ts';
import { asJson, idAfter, wantsJson } from '../pageRequest.ts';
import { notFound } from '../pieces/notFound.tsx';
import { datasetPage } from './datasetPage.tsx';
import { datasetRowsPage } from './datasetRowsPage.tsx';

/** `GET /dse/dataset/SIGNATURE_ID`: revisions and drift; with `?row=` or `?split=` the rows themselves. */
export function registerDatasets(app: App): void {
  app.get('/dse/dataset/*', async c => {
    const signatureId = idAfter('/dse/dataset/', c.req.url);
    if (signatureById(signatureId) === null) return notFound(c, 'data set of a signature', signatureId);
    const { from = null, to = null, row, split } = c.req.query();
    const { runQuery } = c.env.ctx;
    if (row === undefined && split === undefined) {
      const view = await runQuery(internal.datasetDrift.view, { signatureId, from, to });
      return wantsJson(c) ? c.json(view) : c.html(datasetPage(view, asJson(c)));
    }
    const known = splitSchema.safeParse(split);
    const found =
      row !== undefined
        ? await runQuery(internal.datasetRows.around, { signatureId, exampleId: row })
        : known.success && (await runQuery(internal.datasetRows.first, { signatureId, split: known.data }));
    if (!found) return notFound(c, row === undefined ? 'split' : 'row', row ?? String(split));
    const view = { signatureId, ...found };
    return wantsJson(c) ? c.json(view) : c.html(datasetRowsPage(view, asJson(c)));
  });
}
