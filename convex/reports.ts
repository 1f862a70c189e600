import { jobHashOf, jobSpecOf } from '../loop/compile/jobSpec.ts';
import type { CompileReport, GateFigures } from '../loop/contract/compile.ts';
import type { Signature } from '../loop/signature.ts';
import type { Doc } from './_generated/dataModel.js';
import type { QueryCtx } from './_generated/server.js';
import { activeArtifact } from './artifacts.ts';
import { currentRevision } from './datasets.ts';
import { compileLimits, configuredModels } from './deployment.ts';
import { failure } from './failure.ts';

/** A report by its id, if it is of the signature's job as it stands: same contract, control, search and data. */
export async function currentReport(
  ctx: QueryCtx,
  signature: Signature,
  reportId: string,
): Promise<Doc<'dseCompileReports'>> {
  const report = await ctx.db
    .query('dseCompileReports')
    .withIndex('by_report', q => q.eq('reportId', reportId))
    .first();
  if (!report || report.signatureId !== signature.id)
    throw failure(
      'gate_report_missing',
      `There is no compile report ${reportId} of ${signature.id}. Run the compile.`,
    );
  const revision = await currentRevision(ctx, signature.id);
  if (report.datasetHash !== revision?.datasetHash)
    throw failure('gate_report_stale', `Report ${reportId} is of another data revision. Compile again.`);
  const active = await activeArtifact(ctx, signature);
  if (report.controlCompiledId !== active.compiledId)
    throw failure(
      'gate_control_changed',
      `Report ${reportId} compares with an artifact that is not active any more. Compile again.`,
    );
  if (
    report.jobHash !== jobHashOf(jobSpecOf(signature, configuredModels(), active.compiledId, compileLimits()))
  )
    throw failure(
      'gate_report_stale',
      `Report ${reportId} is of another job: the signature, search or model changed. Compile again.`,
    );
  return report;
}

/** The figures of a report's gate; null where the holdout was not opened. */
export function gateFigures({ reportJson }: Doc<'dseCompileReports'>): GateFigures | null {
  const { gate } = JSON.parse(reportJson) as CompileReport;
  if (gate === null) return null;
  const { fixed: _, broken: __, ...figures } = gate;
  return figures;
}
