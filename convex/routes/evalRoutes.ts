import { evalCancel, evalGet, evalStart } from '../../loop/contract/endpoint.ts';
import { evalReportSchema } from '../../loop/contract/eval.ts';
import { internal } from '../_generated/api.js';
import { failure } from '../failure.ts';
import type { App } from './access.ts';
import { route } from './route.ts';

/** Evaluations of artifacts and judges. */
export function registerEvalRoutes(app: App): void {
  route(app, evalStart, async ({ split, runId, ...request }, { c, ctx }) => {
    if (split === 'holdout')
      throw failure(
        'holdout_sealed',
        'The holdout is sealed: only the gate of a compile opens it, and every look is counted. Evaluate on train, dev or canary.',
      );
    const newEvalId = `evl_${crypto.randomUUID()}`;
    const args = { ...request, split, runId: runId ?? null, newEvalId };
    const started = await ctx.runMutation(internal.evals.start, args);
    c.status(202);
    return started;
  });
  route(app, evalGet, async ({ evalId }, { ctx }) => {
    const found = await ctx.runQuery(internal.evals.view, { evalId });
    if (!found) throw failure('unknown_eval', `There is no evaluation ${evalId}.`);
    const { eval: job, reportJson } = found;
    return { eval: job, report: reportJson === null ? null : evalReportSchema.parse(JSON.parse(reportJson)) };
  });
  route(app, evalCancel, async ({ evalId }, { ctx }) => ({
    eval: await ctx.runMutation(internal.evals.cancel, { evalId }),
  }));
}
