import { defineSchema, defineTable } from 'convex/server';
import { v } from 'convex/values';

/**
 * JSON that a zod schema in `loop/contract` defines and checks at the edge, kept as text so that key order, `$`
 * keys and hashes survive storage unchanged.
 */
const vJsonText = v.string();

const vArm = v.union(v.literal('control'), v.literal('canary'), v.literal('none'));
const vArmCounts = v.object({ n: v.number(), failures: v.number(), correct: v.number(), wrong: v.number() });
const vCounts = v.object({ control: vArmCounts, canary: vArmCounts });
/** The last beat that a sweep of the watchdog found too old, and when it did. */
const vSuspected = v.optional(v.object({ beat: v.number(), at: v.number() }));
const vAnswered = v.object({ n: v.number(), failures: v.number() });
const vSplit = v.union(v.literal('train'), v.literal('dev'), v.literal('holdout'), v.literal('canary'));
const vJobStatus = v.union(
  v.literal('queued'),
  v.literal('running'),
  v.literal('done'),
  v.literal('failed'),
  v.literal('cancelled'),
);
const vEvalSplit = v.union(v.literal('train'), v.literal('dev'), v.literal('canary'), v.literal('anchors'));

export default defineSchema({
  // Labelled rows, one document per content. Written by import, and by the export
  // of traffic for review; never deleted, so old revisions stay readable.
  dseExamples: defineTable({
    signatureId: v.string(),
    exampleId: v.string(),
    contentHash: v.string(),
    /** Part of the newest revision. */
    current: v.boolean(),
    /**
     * Set on candidates mined from traffic, which stand apart from labelled rows: never current, and with `review:` and their id in
     * place of a content hash, so that no revision can hold one. Confirming one makes a labelled row beside it.
     */
    review: v.optional(v.union(v.literal('pending'), v.literal('confirmed'), v.literal('rejected'))),
    split: vSplit,
    inputJson: vJsonText,
    expectedJson: vJsonText,
    tags: v.array(v.string()),
    metaJson: vJsonText,
  })
    .index('by_current', ['signatureId', 'current', 'split', 'exampleId'])
    .index('by_content', ['signatureId', 'contentHash'])
    .index('by_review', ['signatureId', 'review', 'exampleId']),

  // Immutable data set revisions. Written by import; read by compile, gate and pages. Entries lie in dseBlobs.
  dseDatasetRevisions: defineTable({
    signatureId: v.string(),
    datasetHash: v.string(),
    counts: v.object({ train: v.number(), dev: v.number(), holdout: v.number(), canary: v.number() }),
    entriesBlobId: v.string(),
    createdAt: v.number(),
    /** Newest last: the current revision of a signature is the one with the largest `pinnedAt`. */
    pinnedAt: v.number(),
  })
    .index('by_hash', ['signatureId', 'datasetHash'])
    .index('by_pinned', ['signatureId', 'pinnedAt']),

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

  // The pointer that traffic follows, one row per signature. Read and written by activePointer.ts only.
  dseActiveArtifacts: defineTable({
    signatureId: v.string(),
    compiledId: v.string(),
    since: v.number(),
  }).index('by_signature', ['signatureId']),

  // Every move of the pointer and why. Append-only, by activePointer.ts.
  dseActiveArtifactHistory: defineTable({
    signatureId: v.string(),
    action: v.union(v.literal('promote'), v.literal('rollback')),
    fromCompiledId: v.string(),
    toCompiledId: v.string(),
    actor: v.string(),
    reason: v.string(),
    runId: v.union(v.string(), v.null()),
    requestId: v.string(),
    /** Report, canary, verdict with its thresholds, counts and salt: what the move rests on. */
    evidenceJson: vJsonText,
    at: v.number(),
  }).index('by_signature', ['signatureId', 'at']),

  // Canaries and their running counts. Counts change in the same transaction as the receipt or outcome.
  dseCanaries: defineTable({
    canaryId: v.string(),
    signatureId: v.string(),
    runId: v.string(),
    reportId: v.string(),
    controlCompiledId: v.string(),
    canaryCompiledId: v.string(),
    salt: v.string(),
    /** The planned steps, fixed at the start. Traffic that stays below a step's plan decides nothing. */
    ramp: v.array(v.object({ percent: v.number(), users: v.number(), messagesPerUser: v.number() })),
    /** The step that runs, from 0, and since when. */
    step: v.number(),
    stepStartedAt: v.number(),
    /** Of the step that runs. */
    percent: v.number(),
    /** What the planned traffic can exclude, in words. */
    power: v.string(),
    status: v.union(v.literal('running'), v.literal('stopped')),
    stopReason: v.union(v.string(), v.null()),
    /** Verdict at the moment the canary was stopped; null while it runs. */
    finalVerdictJson: v.union(vJsonText, v.null()),
    startedAt: v.number(),
    endsAt: v.number(),
    heartbeatAt: v.number(),
    suspected: vSuspected,
    /** Over all steps. */
    counts: vCounts,
    /** The part of `counts` that earlier steps saw. */
    earlier: vCounts,
    /** Different users seen per arm, in the step that runs. */
    units: v.object({ control: v.number(), canary: v.number() }),
    /** Durations in the step that runs: `loop/canary/latency.ts`. */
    latency: v.object({ control: v.array(v.number()), canary: v.array(v.number()) }),
    contaminatedUnits: v.number(),
    attestationMismatches: v.number(),
    /** Predicts that no user asked for, counted apart. */
    exercise: vCounts,
  })
    .index('by_canary', ['canaryId'])
    .index('by_signature', ['signatureId', 'status', 'startedAt'])
    .index('by_run', ['runId', 'startedAt'])
    .index('by_status', ['status', 'heartbeatAt']),

  // Counts of a canary at sampled moments, for its chart: `loop/canary/course.ts`. Append-only, in the transaction that counts.
  dseCanaryPoints: defineTable({
    canaryId: v.string(),
    at: v.number(),
    step: v.number(),
    counts: vCounts,
    earlier: vCounts,
  }).index('by_canary', ['canaryId', 'at']),

  // Every state change of a canary and of the soak after it. Append-only.
  dseCanaryHistory: defineTable({
    canaryId: v.string(),
    signatureId: v.string(),
    action: v.union(
      v.literal('start'),
      v.literal('step'),
      v.literal('stop'),
      v.literal('soak_start'),
      v.literal('soak_end'),
    ),
    actor: v.string(),
    reason: v.string(),
    percent: v.number(),
    countsJson: vJsonText,
    /** The verdict at that moment with its evidence and thresholds. */
    verdictJson: vJsonText,
    salt: v.string(),
    requestId: v.string(),
    at: v.number(),
  }).index('by_canary', ['canaryId', 'at']),

  // The watch over a promoted artifact, one per promotion. Counts change in the transaction of the receipt; harm rolls back there.
  dseSoaks: defineTable({
    canaryId: v.string(),
    signatureId: v.string(),
    runId: v.string(),
    compiledId: v.string(),
    fromCompiledId: v.string(),
    salt: v.string(),
    status: v.union(v.literal('open'), v.literal('ended')),
    /** Null while open. `unconfirmed`: it ended before enough answers had come. */
    outcome: v.union(
      v.literal('healthy'),
      v.literal('rolled_back'),
      v.literal('unconfirmed'),
      v.literal('superseded'),
      v.null(),
    ),
    reason: v.union(v.string(), v.null()),
    served: vAnswered,
    /** The control arm of the canary before. */
    control: vAnswered,
    planned: v.number(),
    startedAt: v.number(),
    endsAt: v.number(),
  })
    .index('by_canary', ['canaryId'])
    .index('by_signature', ['signatureId', 'status'])
    .index('by_status', ['status', 'endsAt']),

  // One row per predict. Written once by the server; the outcome, once known, stands beside the receipt.
  receipts: defineTable({
    kind: v.literal('dse.predict'),
    receiptId: v.string(),
    signatureId: v.string(),
    compiledId: v.string(),
    arm: vArm,
    canaryId: v.union(v.string(), v.null()),
    /** The canary's step that counted it; null when none did: no canary, stopped before, an exercise, cancelled or interrupted. */
    canaryStep: v.union(v.number(), v.null()),
    unit: v.union(v.string(), v.null()),
    opsRunId: v.union(v.string(), v.null()),
    requestId: v.string(),
    ok: v.boolean(),
    ms: v.number(),
    at: v.number(),
    receiptJson: vJsonText,
    outcome: v.union(v.object({ exampleId: v.string(), correct: v.boolean(), at: v.number() }), v.null()),
  })
    .index('by_receipt', ['receiptId'])
    .index('by_request', ['requestId'])
    .index('by_canary', ['canaryId', 'arm', 'at'])
    .index('by_canary_unit', ['canaryId', 'unit', 'arm'])
    .index('by_run', ['opsRunId', 'at'])
    .index('by_signature', ['signatureId', 'at']),

  // Predicts of the chat that have begun and have no receipt yet. Written in the transaction that begins one, deleted in the one
  // that writes its receipt; where the server stopped in between, the watchdog finds it once its time is over.
  dseOpenPredicts: defineTable({
    receiptId: v.string(),
    signatureId: v.string(),
    purpose: v.union(v.literal('chat'), v.literal('recap')),
    messageId: v.string(),
    threadId: v.string(),
    unit: v.string(),
    requestId: v.string(),
    opsRunId: v.union(v.string(), v.null()),
    /** Null while the input is still being read: no model was asked yet. */
    inputHash: v.union(v.string(), v.null()),
    /** Ids of what may serve it; `active` null means the defaults. */
    offer: v.object({
      active: v.union(v.string(), v.null()),
      canary: v.union(
        v.object({
          canaryId: v.string(),
          salt: v.string(),
          percent: v.number(),
          control: v.string(),
          treatment: v.string(),
        }),
        v.null(),
      ),
    }),
    /** Its user wants it to end. */
    stopAsked: v.boolean(),
    startedAt: v.number(),
    /** Nobody works on it any more after this time. */
    expiresAt: v.number(),
  })
    .index('by_message', ['messageId'])
    .index('by_expiry', ['expiresAt']),

  // Circuit breakers of traffic, by model; only of models that have failed since their last answer. Written by breakers.ts when a
  // call fails by the endpoint's fault, read where a predict begins, deleted by the next answer.
  dseBreakers: defineTable({
    model: v.string(),
    failures: v.number(),
    openUntil: v.number(),
    probeUntil: v.number(),
  }).index('by_model', ['model']),

  // Large texts in parts under one id: data set entries and, later, traces. Written once.
  dseBlobs: defineTable({ blobId: v.string(), part: v.number(), text: v.string() }).index('by_blob', [
    'blobId',
    'part',
  ]),

  // One row per night (or any other Playwright run that streams here).
  dseOpsRuns: defineTable({
    runId: v.string(),
    signatureId: v.union(v.string(), v.null()),
    status: v.union(v.literal('running'), v.literal('finished')),
    verdict: v.union(v.string(), v.null()),
    reason: v.union(v.string(), v.null()),
    startedAt: v.number(),
    heartbeatAt: v.number(),
    suspected: vSuspected,
    finishedAt: v.union(v.number(), v.null()),
    /** Holds the signature's lease until then; 0 without a lease. */
    leaseUntil: v.number(),
    /** phase -> { at, facts as JSON text }. */
    phases: v.record(v.string(), v.object({ at: v.number(), factsJson: vJsonText })),
    factsJson: vJsonText,
    /** `2/3` -> what that shard reported at its end. */
    shards: v.optional(v.record(v.string(), vJsonText)),
    /** Counts, failing tests and the printed result, once finished. */
    summaryJson: v.union(vJsonText, v.null()),
  })
    .index('by_run', ['runId'])
    .index('by_started', ['startedAt'])
    .index('by_signature', ['signatureId', 'startedAt'])
    .index('by_verdict', ['verdict', 'startedAt'])
    .index('by_signature_verdict', ['signatureId', 'verdict', 'startedAt'])
    .index('by_lease', ['signatureId', 'leaseUntil'])
    .index('by_status', ['status', 'heartbeatAt']),

  // The timeline of a run. Append-only; `eventId` makes redelivery harmless.
  dseOpsRunEvents: defineTable({
    runId: v.string(),
    eventId: v.string(),
    source: v.string(),
    seq: v.number(),
    at: v.number(),
    kind: v.string(),
    message: v.string(),
    dataJson: vJsonText,
  })
    .index('by_event', ['runId', 'eventId'])
    .index('by_time', ['runId', 'at', 'seq']),

  // One row per attempt of a test.
  dseOpsRunTests: defineTable({
    runId: v.string(),
    testId: v.string(),
    retry: v.number(),
    title: v.string(),
    file: v.string(),
    outcome: v.string(),
    durationMs: v.number(),
    at: v.number(),
    factsJson: vJsonText,
  }).index('by_run', ['runId', 'at']),

  // People and test users. Written at sign-in and on the first message.
  users: defineTable({ userId: v.string(), name: v.string(), createdAt: v.number() }).index('by_user', [
    'userId',
  ]),
  threads: defineTable({ threadId: v.string(), userId: v.string(), createdAt: v.number() })
    .index('by_thread', ['threadId'])
    .index('by_user', ['userId']),
  messages: defineTable({
    messageId: v.string(),
    threadId: v.string(),
    role: v.union(v.literal('user'), v.literal('assistant')),
    status: v.union(v.literal('streaming'), v.literal('complete'), v.literal('failed')),
    requestId: v.string(),
    at: v.number(),
  })
    .index('by_message', ['messageId'])
    .index('by_thread', ['threadId', 'at']),
  // Text, signature cards, Blueprint changes and errors of a message, in order.
  messageParts: defineTable({
    messageId: v.string(),
    seq: v.number(),
    kind: v.union(v.literal('text'), v.literal('dse.signature'), v.literal('change'), v.literal('error')),
    bodyJson: vJsonText,
  }).index('by_message', ['messageId', 'seq']),
  // One Blueprint per user: named sections of notes. Written by the chat's tools.
  blueprints: defineTable({
    userId: v.string(),
    version: v.number(),
    sections: v.record(
      v.string(),
      v.array(v.object({ text: v.string(), at: v.number(), receiptId: v.string() })),
    ),
  }).index('by_user', ['userId']),
});
