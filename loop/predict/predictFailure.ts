import type { PredictErrorCode } from '../contract/receipt.ts';

/** Ends a predict without an output. Only `predict` sees it, and makes it a result. */
export class PredictFailure extends Error {
  override name = 'PredictFailure' as const;
  readonly code: PredictErrorCode;

  /** The message is a clause without a full stop; it never holds a prompt or a key. */
  constructor(code: PredictErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}
