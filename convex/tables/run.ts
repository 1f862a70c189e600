import { defineTable } from 'convex/server';
import { v } from 'convex/values';
import { vJsonText, vSuspected } from './columns.ts';

/** Nights, and any other Playwright run that streams here. */
export const runTables = {
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
};
