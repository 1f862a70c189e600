import type { PredictErrorCode } from '../contract/receipt.ts';

export type LmErrorCode = Extract<
  PredictErrorCode,
  'timeout' | 'cancelled' | 'model_unreachable' | 'model_rate_limited' | 'model_error' | 'budget_exceeded'
>;

/** A model call that gave no usable answer. The message never holds the key or the prompt. */
export class LmError extends Error {
  override name = 'LmError' as const;
  readonly code: LmErrorCode;
  /** How many HTTP requests were made. */
  readonly attempts: number;

  constructor(code: LmErrorCode, message: string, attempts: number, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.attempts = attempts;
  }
}
