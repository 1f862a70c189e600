import { LmError, type LmErrorCode } from './lmError.ts';

/** One HTTP exchange with a model endpoint that gave no answer, and whether another one may. */
export class Attempt extends Error {
  override name = 'Attempt' as const;
  readonly code: LmErrorCode;
  readonly retryable: boolean;
  /** How long the endpoint asks to be left alone, in milliseconds; null when it does not say. */
  readonly retryAfterMs: number | null;

  constructor(code: LmErrorCode, message: string, retryable: boolean, retryAfterMs: number | null = null) {
    super(message);
    this.code = code;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}

/** Any error of an exchange as an attempt; once `signal` is aborted, its reason is what counts. */
export function asAttempt(error: unknown, signal: AbortSignal): Attempt {
  if (error instanceof Attempt) return error;
  if (signal.aborted) {
    return signal.reason instanceof LmError
      ? new Attempt(signal.reason.code, signal.reason.message, false)
      : new Attempt('cancelled', 'the call was cancelled', false);
  }
  return new Attempt('model_unreachable', 'the model endpoint could not be reached or broke off', true);
}
