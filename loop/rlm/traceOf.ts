import type { Json } from '../contract/json.ts';
import type { Receipt } from '../contract/receipt.ts';
import type { RlmTrace } from '../contract/rlmTrace.ts';
import type { PredictFacts } from '../predict/predict.ts';

/** The trace of a predict that ran `rlm_lite.v1`, for its receipt; null when the controller was never reached. */
export function traceOf({ rlmRun }: PredictFacts, receipt: Receipt, input: Json): RlmTrace | null {
  if (!rlmRun || receipt.traceId === null) return null;
  return {
    format: 'openagents.dse.rlm_trace',
    formatVersion: 1,
    traceId: receipt.traceId,
    receiptId: receipt.receiptId,
    signatureId: receipt.signatureId,
    startedAt: receipt.startedAt,
    ms: receipt.ms,
    input,
    turns: [...rlmRun.turns],
    variables: [...rlmRun.variables],
    result: receipt.result,
  };
}
