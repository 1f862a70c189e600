import * as z from 'zod';
import { recapRequestSchema, sendRequestSchema, threadMessageSchema } from './autopilot.ts';
import {
  canaryOutcomeRequestSchema,
  canaryStartRequestSchema,
  canaryStopRequestSchema,
  canaryViewSchema,
  soakViewSchema,
} from './canary.ts';
import { compileJobSchema, compileJobViewSchema, compileRequestSchema } from './compile.ts';
import { datasetQuerySchema, datasetViewSchema } from './dataset.ts';
import { deferred } from './deferred.ts';
import { evalJobSchema, evalRequestSchema, evalViewSchema } from './eval.ts';
import { exampleSchema } from './example.ts';
import {
  exercisedSchema,
  exercisePredictRequestSchema,
  exerciseThreadRequestSchema,
  exerciseThreadSchema,
} from './exercise.ts';
import { hashSchema, idSchema, jsonSchema, signatureIdSchema, timestampSchema } from './json.ts';
import {
  candidateSchema,
  reviewListRequestSchema,
  reviewRequestSchema,
  traceExportAnswerSchema,
  traceExportRequestSchema,
} from './mining.ts';
import {
  nightResultSchema,
  opsRunEventRequestSchema,
  opsRunFinishRequestSchema,
  opsRunStartRequestSchema,
  phaseSchema,
  verdictSchema,
} from './opsRun.ts';
import { activeArtifactSchema, promoteRequestSchema, rollbackRequestSchema } from './promotion.ts';
import { armSchema, receiptSchema } from './receipt.ts';
import { replaySchema } from './replay.ts';

/** Who may call: `admin` carries the admin secret, `e2e` the bypass secret, `user` and `reader` a verified token. */
export type EndpointAuth = 'admin' | 'e2e' | 'user' | 'reader' | 'public';

/** One HTTP call: its address, who may make it, what goes in and what comes out (without `ok`). */
export interface Endpoint<Request extends z.ZodType = z.ZodType, Response extends z.ZodType = z.ZodType> {
  readonly method: 'GET' | 'POST';
  /** Path with `:name` parameters; a GET's request fields fill them, the rest become the query. */
  readonly path: string;
  readonly auth: EndpointAuth;
  readonly request: Request;
  readonly response: Response;
  /** Largest body in bytes. */
  readonly maxBytes: number;
}

const KIB = 1024;

function endpoint<Req extends z.ZodType, Res extends z.ZodType>(
  method: 'GET' | 'POST',
  path: string,
  auth: EndpointAuth,
  request: () => Req,
  response: () => Res,
  maxBytes = 256 * KIB,
): Endpoint<Req, Res> {
  return { method, path, auth, request: deferred(request), response: deferred(response), maxBytes };
}

const signatureQuery = deferred(() => z.strictObject({ signatureId: signatureIdSchema }));

const phaseRecordSchema = deferred(() => z.strictObject({ at: timestampSchema, facts: jsonSchema }));

export const opsRunViewSchema = deferred(() =>
  z.strictObject({
    runId: idSchema,
    signatureId: signatureIdSchema.nullable(),
    status: z.enum(['running', 'finished']),
    verdict: verdictSchema.nullable(),
    reason: z.string().nullable(),
    startedAt: timestampSchema,
    finishedAt: timestampSchema.nullable(),
    phases: z.partialRecord(phaseSchema, phaseRecordSchema),
  }),
);
export type OpsRunView = z.infer<typeof opsRunViewSchema>;

export const opsRunStart = endpoint(
  'POST',
  '/api/dse/ops/run/start',
  'admin',
  () => opsRunStartRequestSchema,
  () => z.strictObject({ run: opsRunViewSchema, created: z.boolean() }),
);
export const opsRunEvent = endpoint(
  'POST',
  '/api/dse/ops/run/event',
  'admin',
  () => opsRunEventRequestSchema,
  () => z.strictObject({ accepted: z.number().int(), duplicates: z.number().int() }),
  1024 * KIB,
);
/** Recomputes every decision of a night from its stored rows. Reads only. */
export const replay = endpoint(
  'GET',
  '/api/dse/replay/:runId',
  'admin',
  () => z.strictObject({ runId: idSchema }),
  () => replaySchema,
);
export const opsRunFinish = endpoint(
  'POST',
  '/api/dse/ops/run/finish',
  'admin',
  () => opsRunFinishRequestSchema,
  () => z.strictObject({ run: opsRunViewSchema, result: nightResultSchema.nullable() }),
);
/** A short-lived RS256 token: role `ops` for Convex clients, role `viewer` for the pages. */
export const opsToken = endpoint(
  'POST',
  '/api/dse/ops/token',
  'admin',
  () => z.strictObject({ role: z.enum(['ops', 'viewer']).default('ops') }),
  () => z.strictObject({ token: z.string(), expiresAt: timestampSchema }),
);

/** A data set as JSONL lines already parsed. All rows or none. */
export const examplesImport = endpoint(
  'POST',
  '/api/dse/examples/import',
  'admin',
  () =>
    z.strictObject({
      signatureId: signatureIdSchema,
      runId: idSchema.optional(),
      examples: z.array(exampleSchema).min(1).max(10_000),
    }),
  () =>
    z.strictObject({
      datasetHash: hashSchema,
      added: z.number().int(),
      updated: z.number().int(),
      unchanged: z.number().int(),
      counts: z.record(z.string(), z.number().int()),
      power: z.string(),
    }),
  15 * 1024 * KIB,
);

/** Revisions of a data set, and the drift between two of them: by default the newest and the one before. */
export const datasetGet = endpoint(
  'GET',
  '/api/dse/dataset',
  'reader',
  () => datasetQuerySchema,
  () => datasetViewSchema,
);

export const compileStart = endpoint(
  'POST',
  '/api/dse/compile',
  'admin',
  () => compileRequestSchema,
  () => z.strictObject({ job: compileJobSchema, created: z.boolean() }),
);
export const compileGet = endpoint(
  'GET',
  '/api/dse/compile/:jobId',
  'admin',
  () => z.strictObject({ jobId: idSchema }),
  () => compileJobViewSchema,
);
export const compileCancel = endpoint(
  'POST',
  '/api/dse/compile/:jobId/cancel',
  'admin',
  () => z.strictObject({ jobId: idSchema }),
  () => z.strictObject({ job: compileJobSchema }),
);

/** Turns receipts of traffic into candidate rows, which wait for review. */
export const traceExport = endpoint(
  'POST',
  '/api/dse/trace/export',
  'admin',
  () => traceExportRequestSchema,
  () => traceExportAnswerSchema,
);
/** Candidates by their state of review. */
export const reviewList = endpoint(
  'GET',
  '/api/dse/examples/review',
  'admin',
  () => reviewListRequestSchema,
  () => z.strictObject({ candidates: z.array(candidateSchema), cursor: z.string().nullable() }),
);
/** Confirms candidates with their right answers, or rejects them: all or none. */
export const reviewDecide = endpoint(
  'POST',
  '/api/dse/examples/review',
  'admin',
  () => reviewRequestSchema,
  () =>
    z.strictObject({
      confirmed: z.number().int(),
      rejected: z.number().int(),
      /** The revision that holds the confirmed rows; null when there is none at all. */
      datasetHash: hashSchema.nullable(),
    }),
  1024 * KIB,
);

/** Evaluates an artifact on an open split, or a judge on its anchors. Answers 202 at once; asking again rejoins. */
export const evalStart = endpoint(
  'POST',
  '/api/dse/eval',
  'admin',
  () => evalRequestSchema,
  () => z.strictObject({ eval: evalJobSchema, created: z.boolean() }),
);
export const evalGet = endpoint(
  'GET',
  '/api/dse/eval/:evalId',
  'admin',
  () => z.strictObject({ evalId: idSchema }),
  () => evalViewSchema,
);
export const evalCancel = endpoint(
  'POST',
  '/api/dse/eval/:evalId/cancel',
  'admin',
  () => z.strictObject({ evalId: idSchema }),
  () => z.strictObject({ eval: evalJobSchema }),
);

export const canaryStart = endpoint(
  'POST',
  '/api/dse/canary/start',
  'admin',
  () => canaryStartRequestSchema,
  () => z.strictObject({ canary: canaryViewSchema, created: z.boolean() }),
);
export const canaryStop = endpoint(
  'POST',
  '/api/dse/canary/stop',
  'admin',
  () => canaryStopRequestSchema,
  () => z.strictObject({ canary: canaryViewSchema.nullable() }),
);
export const canaryOutcome = endpoint(
  'POST',
  '/api/dse/canary/outcome',
  'admin',
  () => canaryOutcomeRequestSchema,
  () => z.strictObject({ canary: canaryViewSchema, counted: z.number().int() }),
);
export const canaryStatus = endpoint(
  'GET',
  '/api/dse/canary/status',
  'admin',
  () => signatureQuery,
  () =>
    z.strictObject({
      active: activeArtifactSchema,
      canary: canaryViewSchema.nullable(),
      /** The newest soak of the signature. */
      soak: soakViewSchema.nullable(),
    }),
);

export const promote = endpoint(
  'POST',
  '/api/dse/promote',
  'admin',
  () => promoteRequestSchema,
  () =>
    z.strictObject({ active: activeArtifactSchema, previousCompiledId: hashSchema, changed: z.boolean() }),
);
export const rollback = endpoint(
  'POST',
  '/api/dse/rollback',
  'admin',
  () => rollbackRequestSchema,
  () => z.strictObject({ active: activeArtifactSchema, changed: z.boolean() }),
);

export const exerciseThreadEnsure = endpoint(
  'POST',
  '/api/dse/exercise/thread/ensure',
  'admin',
  () => exerciseThreadRequestSchema,
  () => exerciseThreadSchema,
);
export const exercisePredict = endpoint(
  'POST',
  '/api/dse/exercise/predict',
  'admin',
  () => exercisePredictRequestSchema,
  () => exercisedSchema,
);

export const receiptsList = endpoint(
  'GET',
  '/api/dse/receipts/list',
  'admin',
  () =>
    z.strictObject({
      signatureId: signatureIdSchema.optional(),
      canaryId: idSchema.optional(),
      requestId: idSchema.optional(),
      limit: z.coerce.number().int().min(1).max(500).default(100),
      cursor: z.string().optional(),
    }),
  () => z.strictObject({ receipts: z.array(receiptSchema), cursor: z.string().nullable() }),
);
export const receiptGet = endpoint(
  'GET',
  '/api/dse/receipt/:receiptId',
  'reader',
  () => z.strictObject({ receiptId: idSchema }),
  () => z.strictObject({ receipt: receiptSchema }),
);

/** A text that a receipt refers to: its trace, `openagents.dse.rlm_trace` as JSON. */
export const blobGet = endpoint(
  'GET',
  '/api/dse/blob/:receiptId/:blobId',
  'reader',
  () => z.strictObject({ receiptId: idSchema, blobId: idSchema }),
  () => z.strictObject({ receiptId: idSchema, blobId: idSchema, text: z.string() }),
);

export const e2eLogin = endpoint(
  'POST',
  '/api/auth/e2e/login',
  'e2e',
  () => z.strictObject({ userId: idSchema, name: z.string().min(1).max(100).optional() }),
  () => z.strictObject({ token: z.string(), expiresAt: timestampSchema, userId: idSchema }),
);
export const session = endpoint(
  'GET',
  '/api/auth/session',
  'public',
  () => z.strictObject({}),
  () =>
    z.strictObject({
      user: z.strictObject({ userId: z.string(), name: z.string(), role: z.string() }).nullable(),
    }),
);
export const signout = endpoint(
  'POST',
  '/api/auth/signout',
  'public',
  () => z.strictObject({}),
  () => z.strictObject({}),
);

/** Answers with an NDJSON stream of `SendEvent`, not with one JSON body. */
export const autopilotSend = endpoint(
  'POST',
  '/api/autopilot/send',
  'user',
  () => sendRequestSchema,
  () => z.strictObject({}),
  32 * KIB,
);

/** Recaps the user's thread. Answers with an NDJSON stream of `SendEvent`, not with one JSON body. */
export const autopilotRecap = endpoint(
  'POST',
  '/api/autopilot/recap',
  'user',
  () => recapRequestSchema,
  () => z.strictObject({}),
  32 * KIB,
);

/** Stops one of the user's answers. Asked again, or when the answer has ended, it changes nothing and says how that ended. */
export const autopilotCancel = endpoint(
  'POST',
  '/api/autopilot/cancel',
  'user',
  () => z.strictObject({ messageId: idSchema }),
  () => z.strictObject({ messageId: idSchema, state: z.enum(['stopping', 'complete', 'failed']) }),
);

export const autopilotThread = endpoint(
  'GET',
  '/api/autopilot/thread',
  'user',
  () => z.strictObject({}),
  () =>
    z.strictObject({
      threadId: idSchema.nullable(),
      messages: z.array(threadMessageSchema),
      arm: armSchema.optional(),
    }),
);
