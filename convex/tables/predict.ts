import { defineTable } from 'convex/server';
import { v } from 'convex/values';
import { vJsonText } from './columns.ts';

const vArm = v.union(v.literal('control'), v.literal('canary'), v.literal('none'));

/** Predicts: receipts, those under way, and breakers. */
export const predictTables = {
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
};
