import type { EndpointAuth } from './endpoint.ts';

/** Codes the client itself gives; every other code is the server's own, one of `apiErrorStatus`. */
export type ClientErrorCode =
  | 'unreachable'
  | 'timeout'
  | 'cancelled'
  | 'invalid_request'
  | 'invalid_response';

/** Everything known about a call that went wrong. `status` is 0 when no answer came. */
export interface ApiErrorFacts {
  /** What was called: `POST /api/dse/promote`. */
  readonly call: string;
  readonly code: string;
  readonly status: number;
  readonly requestId: string | null;
  /** What happened, without a full stop. */
  readonly what: string;
  /** What to do about it, a whole sentence, or nothing. */
  readonly advice?: string;
  readonly details?: unknown;
}

/** A call of the HTTP API that failed. The message reads aloud: what was called, what happened, what to do. */
export class ApiError extends Error {
  override readonly name = 'ApiError' as const;
  /** Stable snake_case code: the server's, or a {@link ClientErrorCode}. */
  readonly code: string;
  /** HTTP status, 0 when no answer came. */
  readonly status: number;
  /** The server's `x-oa-request-id`, else the one that was sent, else null. */
  readonly requestId: string | null;
  /** The server's `error.details`, when it gave any. */
  readonly details: unknown;

  constructor(facts: ApiErrorFacts, options?: ErrorOptions) {
    const id = facts.requestId === null ? '' : ` (request id ${facts.requestId})`;
    const advice = facts.advice === undefined ? '' : ` ${facts.advice}`;
    super(`${facts.call} ${facts.what}.${advice}${id}`, options);
    this.code = facts.code;
    this.status = facts.status;
    this.requestId = facts.requestId;
    this.details = facts.details;
  }
}

const CREDENTIAL_ADVICE: Record<EndpointAuth, string> = {
  admin: 'Set OA_DSE_ADMIN_SECRET to the admin secret of that deployment.',
  e2e: 'Set OA_E2E_BYPASS_SECRET to the E2E login secret of that deployment.',
  user: 'Sign in again; the token is missing, expired or of another deployment.',
  reader: 'Pass a token of role viewer, or set OA_DSE_ADMIN_SECRET.',
  public: 'Drop the credential or pass a valid one.',
};

/** What to do about an answer of this status, if the status alone says it. */
export function adviceFor(auth: EndpointAuth, status: number, baseUrl: string): string | undefined {
  if (status === 401 || status === 403) return CREDENTIAL_ADVICE[auth];
  if (status >= 300 && status < 400) return `Set BASE_URL to the address it redirects to, not ${baseUrl}.`;
  if (status === 404)
    return `If the path itself is unknown, check that BASE_URL (${baseUrl}) is the right site.`;
  return undefined;
}
