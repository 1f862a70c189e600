import type { Json } from '../contract/json.ts';
import type { Artifact, Params } from '../contract/params.ts';
import type { LmCall, PredictErrorCode, PredictResult, Receipt } from '../contract/receipt.ts';
import type { LmClient } from '../lm/lmClient.ts';
import type { RlmProgress } from '../rlm/rlmHost.ts';
import { rlmLite } from '../rlm/rlmLite.ts';
import type { RlmRun } from '../rlm/runController.ts';
import { incompatibility, type Signature } from '../signature.ts';
import { direct } from './direct.ts';
import { Meter } from './meter.ts';
import { PredictFailure } from './predictFailure.ts';
import type { RenderedPrompt } from './render.ts';
import type { Strategy } from './strategy.ts';

export interface PredictInput {
  readonly signature: Signature;
  readonly artifact: Artifact;
  readonly input: Json;
  readonly lm: LmClient;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Aborted by the caller to cancel. */
  readonly signal?: AbortSignal | undefined;
  /** Text of the first answer as it arrives (text answers only). */
  readonly onDelta?: (text: string) => void;
  /** How far a controller is. */
  readonly onProgress?: (progress: RlmProgress) => void;
}

/** What happened in one predict, whatever happened. A receipt is made from it. */
export interface PredictFacts {
  readonly result: PredictResult;
  readonly provider: string;
  readonly startedAt: number;
  readonly ms: number;
  readonly calls: readonly LmCall[];
  readonly used: Receipt['budgets']['used'];
  /** Dollars; null when that is not certain. */
  readonly costUsd: number | null;
  readonly prompt: RenderedPrompt | null;
  /** What the controller of `rlm_lite.v1` did; null under another strategy, or when it was never reached. */
  readonly rlmRun: RlmRun | null;
  /** What was thrown where the result is `internal`, for the host's log; else null. */
  readonly bug: unknown;
}

const strategies: Readonly<Record<Params['strategy'], Strategy>> = {
  'direct.v1': direct,
  'rlm_lite.v1': rlmLite,
};

/** Runs a signature once under an artifact. Never throws: a failure is a result. Budgets abort the running call. */
export async function predict(request: PredictInput): Promise<PredictFacts> {
  const { artifact, lm, now, signal } = request;
  const startedAt = now();
  const meter = new Meter({ lm, params: artifact.params, now, signal });
  const seen: Seen = { prompt: null, rlmRun: null, bug: null };
  const result = await resultOf(request, meter, seen);
  const { calls, used, costUsd } = meter;
  const { prompt, rlmRun, bug } = seen;
  const { provider } = lm;
  return { result, provider, startedAt, ms: used.timeMs, calls, used, costUsd, prompt, rlmRun, bug };
}

/** What becomes known on the way, whatever the end. */
type Seen = { -readonly [K in 'prompt' | 'rlmRun' | 'bug']: PredictFacts[K] };

async function resultOf(request: PredictInput, meter: Meter, seen: Seen): Promise<PredictResult> {
  const { signature, artifact, onDelta, onProgress } = request;
  const { params } = artifact;
  try {
    const output = await strategies[params.strategy]({
      signature,
      params,
      input: checkedInput(request),
      meter,
      onDelta,
      onProgress,
      onRlmRun: done => {
        seen.rlmRun = done;
      },
      onPrompt: shown => {
        seen.prompt = shown;
      },
    });
    return { ok: true, output };
  } catch (error) {
    if (error instanceof PredictFailure) return { ok: false, error: failureOf(error) };
    seen.bug = error;
    return { ok: false, error: INTERNAL };
  } finally {
    meter.close();
  }
}

/** The input as the signature's schema has it. Refuses an artifact or an input that does not fit. */
function checkedInput({ signature, artifact, input }: PredictInput): Json {
  const misfit = incompatibility(signature, artifact);
  if (misfit)
    throw new PredictFailure('artifact_incompatible', `The artifact does not fit ${signature.id}: ${misfit}`);
  const checked = signature.input.safeParse(input);
  if (checked.success) return checked.data as Json;
  const issue = checked.error.issues[0];
  throw new PredictFailure(
    'input_invalid',
    `The input does not fit ${signature.id}: ${issue?.path.join('.')} ${issue?.message}`,
  );
}

const INTERNAL = {
  code: 'internal',
  message: "The server's own code failed; its log has more under the request id.",
} as const;

function failureOf({ code, message }: PredictFailure): { code: PredictErrorCode; message: string } {
  return { code, message: `${message.charAt(0).toUpperCase()}${message.slice(1)}.` };
}
