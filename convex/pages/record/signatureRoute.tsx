/** @jsxImportSource hono/jsx */
import { signatureById } from '../../../loop/catalog/catalog.ts';
import { artifactSchema } from '../../../loop/contract/params.ts';
import { internal } from '../../_generated/api.js';
import { canaryView } from '../../canaryRows.ts';
import type { App } from '../../routes/access.ts';
import { idAfter, wantsJson } from '../pageRequest.ts';
import { notFound } from '../pieces/notFound.tsx';
import { type Problems, readStored } from '../stored.ts';
import { type SignatureView, signaturePage } from './signaturePage.tsx';

/** `GET /dse/signature/SIGNATURE_ID`. */
export function registerSignature(app: App): void {
  app.get('/dse/signature/*', async c => {
    const signatureId = idAfter('/dse/signature/', c.req.url);
    const problems: Problems = [];
    const { artifact, canaries, ...found } = await c.env.ctx.runQuery(internal.views.signature, {
      signatureId,
    });
    const evals = await c.env.ctx.runQuery(internal.evals.recent, { signatureId });
    const now = Date.now();
    const known =
      signatureById(signatureId) !== null ||
      found.active !== null ||
      found.reports.length > 0 ||
      canaries.length > 0;
    if (!known) return notFound(c, 'record of a signature', signatureId);
    const view: SignatureView = {
      signatureId,
      ...found,
      evals,
      artifact:
        artifact && readStored(artifactSchema, artifact.artifactJson, 'The active artifact', problems),
      canaries: canaries.map(canary => canaryView(canary, now)),
      problems,
    };
    return wantsJson(c) ? c.json(view) : c.html(signaturePage(view));
  });
}
