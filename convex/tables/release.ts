import { defineTable } from 'convex/server';
import { v } from 'convex/values';
import { vJsonText, vSuspected } from './columns.ts';

const vArmCounts = v.object({ n: v.number(), failures: v.number(), correct: v.number(), wrong: v.number() });
const vCounts = v.object({ control: vArmCounts, canary: vArmCounts });
const vAnswered = v.object({ n: v.number(), failures: v.number() });

/** What serves, canaries, and the soak after a promotion. */
export const releaseTables = {
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
};
