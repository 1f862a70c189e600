import type { PredictErrorCode } from '../contract/receipt.ts';

/** Why a run of the controller ended without an answer. */
export class RlmError extends Error {
  override name = 'RlmError' as const;
  readonly code: PredictErrorCode;

  constructor(code: PredictErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
