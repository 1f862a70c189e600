import { defineTable } from 'convex/server';
import { v } from 'convex/values';
import { vJsonText } from './columns.ts';

const vJobStatus = v.union(
  v.literal('queued'),
  v.literal('running'),
  v.literal('done'),
  v.literal('failed'),
  v.literal('cancelled'),
);
const vEvalSplit = v.union(v.literal('train'), v.literal('dev'), v.literal('canary'), v.literal('anchors'));

/** Artifacts, and what is compiled and evaluated. */
export const compileTables = {
  // Content-addressed artifacts. Written once by compile, and by the first receipt of a signature's defaults; never changed.
  dseArtifacts: defineTable({
    compiledId: v.string(),
    signatureId: v.string(),
    artifactJson: vJsonText,
    createdAt: v.number(),
  }).index('by_compiled', ['compiledId']),

  // One durable compile per (jobHash, datasetHash). Written by the compile steps; read by rejoiners and pages.
  dseCompileJobs: defineTable({
    jobId: v.string(),
    signatureId: v.string(),
    jobHash: v.string(),
    datasetHash: v.string(),
    controlCompiledId: v.string(),
    runId: v.union(v.string(), v.null()),
    status: vJobStatus,
    progressJson: vJsonText,
    /** A step that has not beaten for a while is dead, and the job may be taken up again. */
    heartbeatAt: v.number(),
    /** Raised each time the job is taken up; a step of an older generation stops. */
    generation: v.number(),
    /** The scheduled step; when it is over and the job is not, the job has died. */
    stepId: v.union(v.id('_scheduled_functions'), v.null()),
    startedAt: v.number(),
    finishedAt: v.union(v.number(), v.null()),
    stopReason: v.union(v.string(), v.null()),
    error: v.union(v.object({ code: v.string(), message: v.string() }), v.null()),
    reportId: v.union(v.string(), v.null()),
  })
    .index('by_job', ['jobId'])
    .index('by_hash', ['jobHash', 'datasetHash'])
    .index('by_status', ['status', 'heartbeatAt']),

  // What a compile found. Written once when a job ends; read by canary, promote and pages.
  dseCompileReports: defineTable({
    reportId: v.string(),
    signatureId: v.string(),
    jobHash: v.string(),
    datasetHash: v.string(),
    controlCompiledId: v.string(),
    winnerCompiledId: v.string(),
    decision: v.union(v.literal('improved'), v.literal('kept')),
    reportJson: vJsonText,
    createdAt: v.number(),
  })
    .index('by_report', ['reportId'])
    .index('by_signature', ['signatureId', 'createdAt']),

  // The ledger: what candidates made of example contents, so that no call is paid twice. Written by compile and evaluation, a document for
  // the answers of one candidate that came together: each answer as a document of its own takes ten times as long.
  dseEvalResults: defineTable(
    v.union(
      v.object({
        /** Hash of artifact, model and scorer version. */
        candidateKey: v.string(),
        /** `KeptAnswer` of loop/compile/keptAnswers.ts, an array. */
        answersJson: vJsonText,
      }),
      // Stored before answers were written in batches.
      v.object({
        candidateKey: v.string(),
        contentHash: v.string(),
        exampleId: v.string(),
        score: v.number(),
        errorCode: v.union(v.string(), v.null()),
        outputJson: v.union(vJsonText, v.null()),
        notes: v.optional(v.union(v.string(), v.null())),
        tokens: v.number(),
        calls: v.number(),
        costUsd: v.union(v.number(), v.null()),
        receiptId: v.union(v.string(), v.null()),
      }),
    ),
  ).index('by_candidate', ['candidateKey']),

  // Two kinds of looks at data. `holdout`: every opening of a sealed holdout, with the decision it served; written by the gate, counts
  // spend the budget. `eval`: an evaluation of one artifact on one open split, or of a judge on its anchors; written by the evaluation's
  // steps, read by the API, pages, and the gate of graded signatures. Never deleted.
  dseEvalReports: defineTable(
    v.union(
      v.object({
        /** Openings stored before there were evaluations have none. */
        kind: v.optional(v.literal('holdout')),
        signatureId: v.string(),
        datasetHash: v.string(),
        controlCompiledId: v.string(),
        candidateCompiledId: v.string(),
        /** Which false-promotion budget it spends, from 1. Openings stored before budgets had numbers have none. */
        budgetNo: v.optional(v.number()),
        /** Which look this is of its budget, from 1: the level of the test follows from it. */
        opening: v.number(),
        /** The decision; null from the opening until it is made. */
        gateJson: v.union(vJsonText, v.null()),
        jobId: v.string(),
        at: v.number(),
      }),
      v.object({
        kind: v.literal('eval'),
        evalId: v.string(),
        /** Hash of all that can change the result: the same one is not evaluated twice. */
        evalKey: v.string(),
        signatureId: v.string(),
        compiledId: v.string(),
        datasetHash: v.string(),
        split: vEvalSplit,
        rows: v.number(),
        runId: v.union(v.string(), v.null()),
        status: vJobStatus,
        progressJson: vJsonText,
        /** As in dseCompileJobs. */
        heartbeatAt: v.number(),
        generation: v.number(),
        stepId: v.union(v.id('_scheduled_functions'), v.null()),
        error: v.union(v.object({ code: v.string(), message: v.string() }), v.null()),
        /** Mean score once done; the report is the blob `eval:` and the id. */
        score: v.union(v.number(), v.null()),
        at: v.number(),
        finishedAt: v.union(v.number(), v.null()),
      }),
    ),
  )
    .index('by_budget', ['signatureId', 'budgetNo', 'opening'])
    .index('by_pair', ['signatureId', 'datasetHash', 'controlCompiledId', 'candidateCompiledId'])
    .index('by_eval', ['evalId'])
    .index('by_eval_key', ['evalKey'])
    .index('by_kind', ['signatureId', 'kind', 'at'])
    .index('by_status', ['status', 'heartbeatAt']),

  // Data revisions whose holdout was opened, and the keys of their rows that none before had: a row once looked at does not
  // count as new again. Written by the gate with the first opening of a revision; never deleted.
  dseOpenedRevisions: defineTable({
    signatureId: v.string(),
    datasetHash: v.string(),
    budgetNo: v.number(),
    newKeysBlobId: v.string(),
    at: v.number(),
  }).index('by_dataset', ['signatureId', 'datasetHash']),
};
