import { v } from 'convex/values';
import * as z from 'zod';
import { signatureById } from '../loop/catalog/catalog.ts';
import { deferred } from '../loop/contract/deferred.ts';
import { type Agreement, evalReportSchema } from '../loop/contract/eval.ts';
import { type JudgeTrust, judgeTrust, type Measurement } from '../loop/reward/judgeTrust.ts';
import { judgeOf } from '../loop/reward/rewards.ts';
import { compiledIdOf } from '../loop/signature.ts';
import { internalQuery, type QueryCtx } from './_generated/server.js';
import { getBlob } from './blobs.ts';
import { currentRevision } from './datasets.ts';
import { configuredModels } from './deployment.ts';
import { reportBlobId } from './evals.ts';

/** A week of nights; each report weighs some 100 KB. */
const MOST_MEASUREMENTS = 7;

/** A measurement of a judge, and the evaluation that made it. */
export interface JudgeMeasurement extends Measurement {
  readonly evalId: string;
  readonly agreement: Agreement;
}

/** How far the judge of a signature agrees with its anchors. */
export interface Calibration {
  readonly judgeId: string;
  /** The judge as it is pinned. */
  readonly compiledId: string;
  readonly model: string;
  /** Whether a graded gain could be believed now, whatever its size. */
  readonly trust: JudgeTrust;
  /** Newest first; without the single scores. */
  readonly measurements: readonly Omit<JudgeMeasurement, 'anchors'>[];
}

/** The calibration of a signature's judge; null when it has none. */
export const view = internalQuery({
  args: { signatureId: v.string() },
  handler: async (ctx, { signatureId }): Promise<Calibration | null> => {
    const signature = signatureById(signatureId);
    const judge = signature && judgeOf(signature);
    if (!judge) return null;
    const models = configuredModels();
    const pinned = { signatureId: judge.signature.id, compiledId: compiledIdOf(judge.artifact(models)) };
    const measurements = await measurementsOf(ctx, pinned);
    return {
      judgeId: pinned.signatureId,
      compiledId: pinned.compiledId,
      model: models.judge,
      // no gain of a mean of grades is larger than 1
      trust: judgeTrust({ measurements, gain: 1, now: Date.now() }),
      measurements: measurements.map(({ anchors: _, ...measurement }) => measurement),
    };
  },
});

const measuredSchema = deferred(() => z.object({ anchors: evalReportSchema.shape.anchors }));

/** The newest finished measurements of a pinned judge on the newest revision of its anchors, newest first. */
async function measurementsOf(
  ctx: QueryCtx,
  { signatureId, compiledId }: { signatureId: string; compiledId: string },
): Promise<JudgeMeasurement[]> {
  const revision = await currentRevision(ctx, signatureId);
  const rows = await ctx.db
    .query('dseEvalReports')
    .withIndex('by_kind', q => q.eq('signatureId', signatureId).eq('kind', 'eval'))
    .order('desc')
    .take(MOST_MEASUREMENTS);
  const found: JudgeMeasurement[] = [];
  for (const row of rows) {
    if (row.kind !== 'eval' || row.status !== 'done' || row.compiledId !== compiledId) continue;
    if (row.datasetHash !== revision?.datasetHash) continue;
    const text = await getBlob(ctx, reportBlobId(row.evalId));
    const anchors = text === null ? null : measuredSchema.parse(JSON.parse(text)).anchors;
    if (!anchors) continue;
    const { agreement, scores } = anchors;
    found.push({ evalId: row.evalId, at: row.finishedAt ?? row.at, anchors: scores, agreement });
  }
  return found;
}
