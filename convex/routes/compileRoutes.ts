import { ALPHA_BUDGET } from '../../loop/compile/jobSpec.ts';
import {
  compileCancel,
  compileGet,
  compileStart,
  datasetGet,
  examplesImport,
} from '../../loop/contract/endpoint.ts';
import type { Json } from '../../loop/contract/json.ts';
import { badRows } from '../../loop/dataset/checkExamples.ts';
import { exampleHash } from '../../loop/dataset/revision.ts';
import { alphaForOpening } from '../../loop/stats/alphaLedger.ts';
import { powerSentence } from '../../loop/stats/powerSentence.ts';
import { internal } from '../_generated/api.js';
import { knownSignature } from '../artifacts.ts';
import { failure } from '../failure.ts';
import type { App } from './access.ts';
import { route } from './route.ts';

// As many as a person reads; the rest is counted.
const NAMED_ROWS = 20;

/** Data sets and compiles. */
export function registerCompileRoutes(app: App): void {
  route(app, examplesImport, async ({ signatureId, examples }, { ctx }) => {
    const signature = knownSignature(signatureId);
    const stored = await ctx.runQuery(internal.datasets.stored, { signatureId });
    const storedRows = stored.rows.map(row => ({ ...row, inputJson: JSON.parse(row.inputJson) as Json }));
    const bad = badRows(signature, examples, storedRows);
    if (bad.length > 0) {
      const named = bad
        .slice(0, NAMED_ROWS)
        .map(({ row, exampleId, problem }) => `row ${row} (${exampleId}): ${problem}`);
      const rest = bad.length > NAMED_ROWS ? `; and ${bad.length - NAMED_ROWS} more` : '';
      throw failure(
        'dataset_invalid',
        `Nothing was imported. ${named.join('; ')}${rest}.`,
        bad.slice(0, 200).map(row => ({ ...row })),
      );
    }
    const hashedJson = JSON.stringify(
      examples.map(example => ({ contentHash: exampleHash(example), example })),
    );
    const imported = await ctx.runMutation(internal.datasets.importExamples, {
      signatureId,
      hashedJson,
      checkedAgainst: stored.datasetHash,
    });
    const power = powerSentence({
      holdout: imported.counts.holdout,
      alpha: alphaForOpening({ budget: ALPHA_BUDGET, opening: 1 }),
    });
    return { ...imported, power };
  });
  route(app, datasetGet, async ({ signatureId, from, to }, { ctx, user }) => {
    if (user)
      throw failure('forbidden', 'Data sets are for viewers and operators, not for users of the chat.');
    return await ctx.runQuery(internal.datasetDrift.view, {
      signatureId,
      from: from ?? null,
      to: to ?? null,
    });
  });
  route(app, compileStart, async ({ signatureId, runId }, { c, ctx }) => {
    const newJobId = `job_${crypto.randomUUID()}`;
    const started = await ctx.runMutation(internal.compileJobs.start, {
      signatureId,
      runId: runId ?? null,
      newJobId,
    });
    c.status(202);
    return started;
  });
  route(
    app,
    compileGet,
    async ({ jobId }, { ctx }) => await ctx.runQuery(internal.compileJobs.view, { jobId }),
  );
  route(app, compileCancel, async ({ jobId }, { ctx }) => ({
    job: await ctx.runMutation(internal.compileJobs.cancel, { jobId }),
  }));
}
