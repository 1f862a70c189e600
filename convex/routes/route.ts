import type { ContentfulStatusCode } from 'hono/utils/http-status';
import type * as z from 'zod';
import { apiErrorStatus } from '../../loop/contract/apiError.ts';
import type { Endpoint } from '../../loop/contract/endpoint.ts';
import type { ActionCtx } from '../_generated/server.js';
import { type Failure, failure, failureOf } from '../failure.ts';
import {
  type App,
  type AppContext,
  reader,
  requireAdmin,
  requireE2eSecret,
  requireUser,
  sessionUser,
} from './access.ts';

/** What a handler gets besides the checked request. */
export interface Call {
  readonly c: AppContext;
  readonly ctx: ActionCtx;
  readonly requestId: string;
  /** The signed-in user; set where the endpoint's auth is `user`, or is `reader` and an owner asks. */
  readonly user: { readonly userId: string; readonly name: string } | null;
}

/** Serves an endpoint of the contract: credential first, then size and shape of the body, then the handler. */
export function route<E extends Endpoint>(
  app: App,
  endpoint: E,
  handler: (request: z.output<E['request']>, call: Call) => Promise<z.input<E['response']> | Response>,
): void {
  app.on(endpoint.method, endpoint.path, async c => {
    const user = await authorize(c, endpoint);
    const request = endpoint.request.safeParse(await readRequest(c, endpoint));
    if (!request.success) {
      const issues = request.error.issues
        .slice(0, 20)
        .map(issue => `${issue.path.join('.') || 'body'}: ${issue.message}`);
      throw failure('bad_request', `The request does not fit: ${issues.join('; ')}.`, issues);
    }
    const call = { c, ctx: c.env.ctx, requestId: c.get('requestId'), user };
    const answer = await handler(request.data as z.output<E['request']>, call);
    return answer instanceof Response ? answer : c.json({ ok: true, ...(answer as object) });
  });
}

async function authorize(c: AppContext, endpoint: Endpoint): Promise<Call['user']> {
  switch (endpoint.auth) {
    case 'admin':
      await requireAdmin(c);
      return null;
    case 'e2e':
      await requireE2eSecret(c);
      return null;
    case 'public':
      return await sessionUser(c);
    case 'user':
      return await requireUser(c);
    case 'reader': {
      const user = await sessionUser(c);
      if (!user && !(await reader(c)))
        throw failure(
          'unauthorized',
          'This needs the viewer role: a token from POST /api/dse/ops/token, or the admin secret.',
        );
      return (await reader(c)) ? null : user;
    }
  }
}

async function readRequest(c: AppContext, endpoint: Endpoint): Promise<unknown> {
  const params = c.req.param();
  if (endpoint.method === 'GET') return { ...c.req.query(), ...params };
  const declared = Number(c.req.header('content-length') ?? 0);
  const tooLarge = () => failure('too_large', `The body is larger than ${endpoint.maxBytes} bytes.`);
  if (declared > endpoint.maxBytes) throw tooLarge();
  const type = c.req.header('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    throw failure('unsupported_media_type', 'Send JSON, with the header Content-Type: application/json.');
  const text = await c.req.text();
  if (new TextEncoder().encode(text).length > endpoint.maxBytes) throw tooLarge();
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body) ? { ...body, ...params } : body;
  } catch (error) {
    throw failure(
      'malformed_json',
      `The body is not JSON: ${error instanceof Error ? error.message : 'it cannot be read'}.`,
    );
  }
}

/** The JSON answer to any error; what is not ours to tell is logged under the request id and answered as `internal`. */
export function errorAnswer(c: AppContext, error: unknown): Response {
  const requestId = c.get('requestId');
  const known: Failure = failureOf(error) ?? {
    code: 'internal',
    message: `Something went wrong on the server; its log has more under request ${requestId}.`,
  };
  if (known.code === 'internal')
    console.error(JSON.stringify({ level: 'error', requestId, path: c.req.path, error: String(error) }));
  const status = apiErrorStatus[known.code] as ContentfulStatusCode;
  return c.json({ ok: false, error: known }, status);
}
