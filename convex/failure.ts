import { ConvexError } from 'convex/values';
import type { ApiErrorCode } from '../loop/contract/apiError.ts';
import type { Json } from '../loop/contract/json.ts';

/** What a refused call carries to the HTTP layer and to Convex clients. */
export interface Failure {
  readonly code: ApiErrorCode;
  readonly message: string;
  readonly details?: Json;
}

/** An error that people may read: a stable code, and a sentence that says what happened and what to do. */
export function failure(code: ApiErrorCode, message: string, details?: Json): ConvexError<string> {
  return new ConvexError(JSON.stringify({ code, message, ...(details === undefined ? {} : { details }) }));
}

/** Reads a `failure` back, wherever it was thrown; null for any other error. */
export function failureOf(error: unknown): Failure | null {
  const data = error instanceof ConvexError || isConvexErrorLike(error) ? error.data : null;
  if (typeof data !== 'string') return null;
  try {
    const parsed = JSON.parse(data) as Failure;
    return typeof parsed.code === 'string' && typeof parsed.message === 'string' ? parsed : null;
  } catch {
    return null;
  }
}

function isConvexErrorLike(error: unknown): error is { data: unknown } {
  return typeof error === 'object' && error !== null && 'data' in error;
}
