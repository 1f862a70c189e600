/** @jsxImportSource hono/jsx */
import * as z from 'zod';
import { signatureById } from '../../../loop/catalog/catalog.ts';
import { gateFiguresSchema } from '../../../loop/contract/compile.ts';
import { deferred } from '../../../loop/contract/deferred.ts';
import { artifactSchema } from '../../../loop/contract/params.ts';
import { judgeOf } from '../../../loop/reward/rewards.ts';
import { internal } from '../../_generated/api.js';
import type { Doc } from '../../_generated/dataModel.js';
import { canaryView } from '../../canaryRows.ts';
import type { App } from '../../routes/access.ts';
import { asJson, idAfter, wantsJson } from '../pageRequest.ts';
import { notFound } from '../pieces/notFound.tsx';
import { type Problems, readStored } from '../stored.ts';
import type { MoveLine } from './signatureLists.tsx';
import { type SignatureView, signaturePage } from './signaturePage.tsx';

/** `GET /dse/signature/SIGNATURE_ID`; `?moves=TIME` and the like show the part of a list that is older than that. */
export function registerSignature(app: App): void {
  app.get('/dse/signature/*', async c => {
    const signatureId = idAfter('/dse/signature/', c.req.url);
    const { runQuery } = c.env.ctx;
    const signature = signatureById(signatureId);
    const before = beforeSchema.parse(c.req.query());
    const found = await runQuery(internal.signatureView.view, { signatureId, before });
    const { active, moves, openCanary, canaries, reports, revisions, evals } = found;
    const known =
      signature !== null || active !== null || reports.rows.length > 0 || canaries.rows.length > 0;
    if (!known) return notFound(c, 'record of a signature', signatureId);
    const now = Date.now();
    const problems: Problems = [];
    const view: SignatureView = {
      signatureId,
      active,
      artifact:
        found.artifact === null
          ? null
          : readStored(artifactSchema, found.artifact, 'The active artifact', problems),
      gate: found.promotion && moveLine(found.promotion, problems).gate,
      calibration:
        signature && judgeOf(signature) ? await runQuery(internal.calibration.view, { signatureId }) : null,
      moves: { ...moves, rows: moves.rows.map(move => moveLine(move, problems)) },
      openCanary: openCanary && canaryView(openCanary, now),
      canaries: { ...canaries, rows: canaries.rows.map(canary => canaryView(canary, now)) },
      reports,
      revisions,
      evals,
      problems,
    };
    return wantsJson(c) ? c.json(view) : c.html(signaturePage(view, asJson(c)));
  });
}

/** Times from which backwards a list is shown; what is no time is as good as none. */
const beforeSchema = deferred(() => {
  const time = z.coerce.number().int().nullable().default(null).catch(null);
  return z.object({ moves: time, canaries: time, reports: time, revisions: time, evals: time });
});

/** What a move keeps as its evidence: a rollback has no report, and none of it was kept with figures at first. */
const evidenceSchema = deferred(() =>
  z.looseObject({
    reportId: z.string().nullable().default(null),
    canaryId: z.string().nullable().default(null),
    gate: gateFiguresSchema.nullable().default(null),
  }),
);

function moveLine(move: Doc<'dseActiveArtifactHistory'>, problems: Problems): MoveLine {
  const { action, fromCompiledId, toCompiledId, actor, reason, runId, at } = move;
  const evidence = readStored(evidenceSchema, move.evidenceJson, 'The evidence of a move', problems);
  const { reportId = null, canaryId = null, gate = null } = evidence ?? {};
  return { action, fromCompiledId, toCompiledId, actor, reason, runId, at, reportId, canaryId, gate };
}
