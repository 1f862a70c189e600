import { contentHash } from '../contentHash.ts';
import type { Json } from '../contract/json.ts';
import type { Artifact } from '../contract/params.ts';
import type { Receipt } from '../contract/receipt.ts';
import { type Signature, signatureHashes } from '../signature.ts';
import type { PredictFacts } from './predict.ts';

/** Ids and circumstances of a predict that the host knows and the predict does not. */
export type ReceiptContext = Pick<
  Receipt,
  | 'receiptId'
  | 'compiledId'
  | 'purpose'
  | 'opsRunId'
  | 'requestId'
  | 'threadId'
  | 'unit'
  | 'canaryId'
  | 'arm'
  | 'bucket'
> & {
  /** Where the trace is going to be stored; only who stores it names it. */
  readonly traceId?: string;
};

/** The receipt of one predict. */
export function receiptOf(
  signature: Signature,
  artifact: Artifact,
  input: Json,
  facts: PredictFacts,
  { traceId, ...context }: ReceiptContext,
): Receipt {
  const hashes = signatureHashes(signature);
  return {
    format: 'openagents.dse.predict_receipt',
    formatVersion: 1,
    ...context,
    signatureId: signature.id,
    strategy: artifact.params.strategy,
    hashes: {
      input: contentHash(input),
      output: facts.result.ok ? contentHash(facts.result.output) : null,
      inputSchema: hashes.inputSchema,
      outputSchema: hashes.outputSchema,
      promptIr: hashes.promptIr,
      renderedPrompt: facts.prompt ? contentHash(facts.prompt.messages) : null,
      params: contentHash(artifact.params),
    },
    provider: facts.provider,
    calls: [...facts.calls],
    usage: usageOf(facts),
    costUsd: facts.costUsd,
    startedAt: facts.startedAt,
    ms: facts.ms,
    render: {
      messages: facts.prompt?.messages.length ?? 0,
      chars: facts.prompt?.chars ?? 0,
      fewShots: artifact.params.fewShots.length,
    },
    contextPressure: pressureOf(artifact.params.budgets, facts.used),
    repairs: facts.calls.filter(call => call.role === 'repair').length,
    budgets: {
      limits: artifact.params.budgets,
      used: facts.used,
    },
    traceId: facts.rlmRun ? (traceId ?? null) : null,
    result: facts.result,
  };
}

function pressureOf(limits: Receipt['budgets']['limits'], used: Receipt['budgets']['used']): number {
  const prompt = limits.maxPromptChars === undefined ? 0 : (used.promptChars ?? 0) / limits.maxPromptChars;
  return Math.max(prompt, used.outputChars / limits.maxOutputChars);
}

/** Tokens of all calls of a predict as far as they are known; the mark is that of the least certain one. */
export function usageOf({ calls }: Pick<PredictFacts, 'calls'>): TokenUse {
  return calls.reduce<TokenUse>(
    (sum, { usage }) => ({
      inputTokens: sum.inputTokens + (usage.inputTokens ?? 0),
      outputTokens: sum.outputTokens + (usage.outputTokens ?? 0),
      mark: worst(sum.mark, usage.mark),
    }),
    { inputTokens: 0, outputTokens: 0, mark: 'exact' },
  );
}

type TokenUse = Receipt['usage'];
type Mark = Receipt['usage']['mark'];
const markOrder: readonly Mark[] = ['exact', 'estimated', 'unknown'];

function worst(a: Mark, b: Mark): Mark {
  return markOrder.indexOf(a) >= markOrder.indexOf(b) ? a : b;
}
