import * as z from 'zod';
import { ApiError, type ApiErrorFacts, adviceFor } from './apiClientError.ts';
import { apiErrorSchema } from './apiError.ts';
import type { Endpoint } from './endpoint.ts';

/** What the client needs of its surroundings. */
export interface ApiClientOptions {
  /** The site that serves `/api`, such as `http://127.0.0.1:3211`. */
  readonly baseUrl: string;
  /** Sent as `Authorization: Bearer ...`; leave it out for public endpoints. Never appears in an error. */
  readonly credential?: string;
  readonly fetch: typeof fetch;
  /** Makes the `x-oa-request-id` of each call; without it the server makes one. */
  readonly requestId?: () => string;
  /** Milliseconds for one whole call, headers and body. Default 30 000. */
  readonly timeoutMs?: number;
}

/** Options of one call. */
export interface CallOptions {
  readonly signal?: AbortSignal;
  /** Told the request id of the answer, whatever the answer was. */
  readonly onRequestId?: (requestId: string) => void;
}

/** A typed client of every endpoint in `endpoint.ts`. */
export interface ApiClient {
  readonly baseUrl: string;
  /**
   * Validates, sends, validates the answer and returns it without `ok`.
   * @throws ApiError for everything that goes wrong; nothing was sent when its code is `invalid_request`.
   */
  call<E extends Endpoint>(
    endpoint: E,
    request: z.input<E['request']>,
    options?: CallOptions,
  ): Promise<z.output<E['response']>>;
}

const REQUEST_ID_HEADER = 'x-oa-request-id';
const DEFAULT_TIMEOUT_MS = 30_000;

/**
 * Makes a client.
 * @throws TypeError when the base URL is not a plain http(s) address or the credential cannot be a header value.
 */
export function createApiClient(options: ApiClientOptions): ApiClient {
  const baseUrl = plainBaseUrl(options.baseUrl);
  const credential = headerSafe(options.credential ?? '');
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const redact = (text: string) => (credential === '' ? text : text.replaceAll(credential, '[redacted]'));

  async function call<E extends Endpoint>(
    endpoint: E,
    request: z.input<E['request']>,
    { signal, onRequestId }: CallOptions = {},
  ): Promise<z.output<E['response']>> {
    const name = `${endpoint.method} ${endpoint.path}`;
    const sentId = options.requestId?.() ?? null;
    const fail = (facts: Omit<ApiErrorFacts, 'call'>, cause?: unknown) =>
      new ApiError({ ...facts, call: name, what: redact(facts.what) }, { cause });

    const valid = endpoint.request.safeParse(request);
    if (!valid.success) {
      const what = `was not sent, the request is invalid: ${issuesAloud(valid.error)}`;
      throw fail({ code: 'invalid_request', status: 0, requestId: null, what, details: valid.error.issues });
    }
    const { path, body } = address(endpoint, valid.data);
    const headers: Record<string, string> = { accept: 'application/json' };
    if (body !== undefined) headers['content-type'] = 'application/json';
    if (credential !== '') headers.authorization = `Bearer ${credential}`;
    if (sentId !== null) headers[REQUEST_ID_HEADER] = sentId;

    const deadline = deadlineOf(timeoutMs, signal);
    let response: Response;
    let text: string;
    let requestId = sentId;
    try {
      response = await options.fetch(baseUrl + path, {
        method: endpoint.method,
        headers,
        body,
        redirect: 'manual',
        signal: deadline.signal,
      });
      requestId = response.headers.get(REQUEST_ID_HEADER) ?? sentId;
      if (requestId !== null) onRequestId?.(requestId);
      text = await response.text();
    } catch (cause) {
      if (signal?.aborted)
        throw fail({ code: 'cancelled', status: 0, requestId, what: 'was cancelled by the caller' }, cause);
      if (deadline.passed()) {
        const what = `had no whole answer from ${baseUrl} within ${timeoutMs} ms`;
        throw fail({ code: 'timeout', status: 0, requestId, what }, cause);
      }
      const what = `could not reach ${baseUrl}: ${causeAloud(cause)}`;
      const advice = 'Start the server there or set BASE_URL to the site that serves /api.';
      throw fail({ code: 'unreachable', status: 0, requestId, what, advice }, cause);
    } finally {
      deadline.clear();
    }
    return answerOf(endpoint, { status: response.status, text, requestId }, baseUrl, fail);
  }

  return { baseUrl, call };
}

interface Answer {
  readonly status: number;
  readonly text: string;
  readonly requestId: string | null;
}

/** Tells an answer of ours from an error and from something that is not our API at all. */
function answerOf<E extends Endpoint>(
  endpoint: E,
  { status, text, requestId }: Answer,
  baseUrl: string,
  fail: (facts: Omit<ApiErrorFacts, 'call'>, cause?: unknown) => ApiError,
): z.output<E['response']> {
  const json = parseJson(text);
  const refused = apiErrorSchema.safeParse(json);
  const advice = adviceFor(endpoint.auth, status, baseUrl);
  if (refused.success) {
    const { code, message, details } = refused.data.error;
    const what = `answered ${status} ${code}: ${message.replace(/\.$/, '')}`;
    throw fail({ code, status, requestId, what, details, ...(advice === undefined ? {} : { advice }) });
  }
  const accepted = z.looseObject({ ok: z.literal(true) }).safeParse(json);
  if (!accepted.success || status < 200 || status >= 300) {
    const what = `answered ${status} with something that is not this API's JSON: ${excerpt(text)}`;
    const check = advice ?? `Check that BASE_URL (${baseUrl}) is the right site.`;
    throw fail({ code: 'invalid_response', status, requestId, what, advice: check });
  }
  const { ok: _ok, ...rest } = accepted.data;
  const valid = endpoint.response.safeParse(rest);
  if (!valid.success) {
    const what = `answered ${status} with an unexpected body: ${issuesAloud(valid.error)}`;
    const older = 'The server is probably of another version than this client; deploy it again.';
    throw fail({ code: 'invalid_response', status, requestId, what, advice: older }, valid.error);
  }
  return valid.data as z.output<E['response']>;
}

/** Fills `:params` from the request; what is left is the query of a GET or the body of a POST. */
function address(endpoint: Endpoint, request: unknown): { path: string; body: string | undefined } {
  const rest: Record<string, unknown> = { ...(request as Record<string, unknown>) };
  const path = endpoint.path.replace(/:([A-Za-z]+)/g, (_match, name: string) => {
    const value = String(rest[name]);
    delete rest[name];
    return encodeURIComponent(value);
  });
  if (endpoint.method === 'POST') return { path, body: JSON.stringify(rest) };
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(rest)) {
    if (value !== undefined && value !== null) query.set(name, String(value));
  }
  const search = query.toString();
  return { path: search === '' ? path : `${path}?${search}`, body: undefined };
}

/** One signal for the caller's abort and for the time limit, without Node's or newer helpers. */
function deadlineOf(timeoutMs: number, signal: AbortSignal | undefined) {
  const controller = new AbortController();
  let late = false;
  const abort = () => controller.abort(signal?.reason);
  const timer = setTimeout(() => {
    late = true;
    controller.abort();
  }, timeoutMs);
  if (signal?.aborted) abort();
  else signal?.addEventListener('abort', abort, { once: true });
  const clear = () => {
    clearTimeout(timer);
    signal?.removeEventListener('abort', abort);
  };
  return { signal: controller.signal, passed: () => late, clear };
}

function plainBaseUrl(text: string): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '')
    throw new TypeError(
      'BASE_URL must be an http(s) address without a user name, such as http://127.0.0.1:3211',
    );
  return (url.origin + url.pathname).replace(/\/+$/, '');
}

function headerSafe(credential: string): string {
  if (/^[\x21-\x7e]*$/.test(credential)) return credential;
  throw new TypeError(
    'The credential holds a space, line break or non-ASCII character, which a header cannot carry; check OA_DSE_ADMIN_SECRET',
  );
}

function issuesAloud(error: z.ZodError): string {
  const said = error.issues.slice(0, 5).map(issue => {
    const where = issue.path.map(String).join('.');
    return where === '' ? issue.message : `${where}: ${issue.message}`;
  });
  const more = error.issues.length - said.length;
  return said.join('; ') + (more > 0 ? `; and ${more} more` : '');
}

/** The innermost reason, where `fetch failed` hides the system's own words. */
function causeAloud(cause: unknown): string {
  let error: unknown = cause;
  while (error instanceof Error && error.cause instanceof Error) error = error.cause;
  if (!(error instanceof Error)) return String(error);
  const code = 'code' in error && typeof error.code === 'string' ? error.code : '';
  if (code !== '' && !error.message.includes(code)) return `${error.message} ${code}`.trim();
  return error.message === '' ? error.name : error.message;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function excerpt(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (line === '') return 'an empty body';
  return line.length > 120 ? `${line.slice(0, 120)}…` : line;
}
