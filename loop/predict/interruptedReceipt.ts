import type { Artifact } from '../contract/params.ts';
import type { Receipt } from '../contract/receipt.ts';
import type { Signature } from '../signature.ts';
import type { PredictFacts } from './predict.ts';
import { type ReceiptContext, receiptOf } from './receiptOf.ts';

/** What is known of a predict that a server's stop cut off. */
export interface CutOff {
  readonly inputHash: string;
  /** Milliseconds since 1970. */
  readonly startedAt: number;
  readonly provider: string;
}

/** The receipt of a predict whose server stopped in the middle. What it used is not known: counts are 0 as lower bounds. */
export function interruptedReceipt(
  signature: Signature,
  artifact: Artifact,
  context: ReceiptContext,
  { inputHash, startedAt, provider }: CutOff,
): Receipt {
  const message = 'The server stopped in the middle of it; what it had used by then is not known.';
  const facts: PredictFacts = {
    result: { ok: false, error: { code: 'interrupted', message } },
    provider,
    startedAt,
    ms: 0,
    calls: [],
    used: {
      timeMs: 0,
      lmCalls: 0,
      outputChars: 0,
      promptChars: 0,
      toolCalls: 0,
      rlmIterations: 0,
      subLmCalls: 0,
    },
    costUsd: null,
    prompt: null,
    rlmRun: null,
    bug: null,
  };
  const receipt = receiptOf(signature, artifact, null, facts, context);
  return {
    ...receipt,
    hashes: { ...receipt.hashes, input: inputHash },
    usage: { ...receipt.usage, mark: 'unknown' },
  };
}
