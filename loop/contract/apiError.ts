import * as z from 'zod';
import { deferred } from './deferred.ts';

/** Every code an API answer can carry, with its HTTP status. */
export const apiErrorStatus = {
  bad_request: 400,
  malformed_json: 400,
  unauthorized: 401,
  forbidden: 403,
  not_found: 404,
  unknown_signature: 404,
  unknown_run: 404,
  unknown_canary: 404,
  unknown_artifact: 404,
  unknown_job: 404,
  unknown_eval: 404,
  unknown_candidate: 404,
  unknown_receipt: 404,
  unknown_blob: 404,
  method_not_allowed: 405,
  conflict: 409,
  nothing_to_recap: 409,
  lease_held: 409,
  run_finished: 409,
  no_dataset: 409,
  holdout_too_small: 409,
  holdout_sealed: 409,
  already_reviewed: 409,
  artifact_incompatible: 409,
  judge_same_model: 409,
  limit_too_low: 409,
  limit_reached: 409,
  judge_unmeasured: 409,
  canary_open: 409,
  canary_not_open: 409,
  nothing_to_roll_back: 409,
  gate_report_missing: 409,
  gate_report_stale: 409,
  gate_paired_test: 409,
  gate_canary_verdict: 409,
  gate_e2e_failed: 409,
  gate_control_changed: 409,
  too_large: 413,
  unsupported_media_type: 415,
  schema_mismatch: 422,
  dataset_invalid: 422,
  rate_limited: 429,
  not_configured: 500,
  internal: 500,
  model_failed: 502,
  model_timeout: 504,
} as const;

export type ApiErrorCode = keyof typeof apiErrorStatus;

/** The error half of every JSON answer. */
export const apiErrorSchema = deferred(() =>
  z.object({
    ok: z.literal(false),
    error: z.object({ code: z.string(), message: z.string(), details: z.json().optional() }),
  }),
);
export type ApiErrorBody = z.infer<typeof apiErrorSchema>;
