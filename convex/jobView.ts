import { type CompileJob, jobProgressSchema } from '../loop/contract/compile.ts';
import type { Doc } from './_generated/dataModel.js';

/** A job as the API shows it. */
export function jobView(job: Doc<'dseCompileJobs'>): CompileJob {
  const {
    jobId,
    signatureId,
    jobHash,
    datasetHash,
    controlCompiledId,
    runId,
    status,
    startedAt,
    finishedAt,
    stopReason,
    error,
    reportId,
  } = job;
  const progress = jobProgressSchema.parse(JSON.parse(job.progressJson));
  return {
    jobId,
    signatureId,
    jobHash,
    datasetHash,
    controlCompiledId,
    runId,
    status,
    progress,
    startedAt,
    finishedAt,
    stopReason,
    error,
    reportId,
  };
}
