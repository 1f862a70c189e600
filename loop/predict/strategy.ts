import type { Json } from '../contract/json.ts';
import type { Params } from '../contract/params.ts';
import type { RlmProgress } from '../rlm/rlmHost.ts';
import type { RlmRun } from '../rlm/runController.ts';
import type { Signature } from '../signature.ts';
import type { Meter } from './meter.ts';
import type { RenderedPrompt } from './render.ts';

/** What a strategy works with. Its input fits the signature, and its artifact too. */
export interface StrategyRun {
  readonly signature: Signature;
  readonly params: Params;
  readonly input: Json;
  readonly meter: Meter;
  /** Text of the answer as it arrives (text answers only). */
  readonly onDelta: ((text: string) => void) | undefined;
  /** Told the prompt as soon as there is one, so that a failed predict has it on record. */
  readonly onPrompt: (prompt: RenderedPrompt) => void;
  /** Told what a controller did, whatever its end. */
  readonly onRlmRun: (run: RlmRun) => void;
  readonly onProgress: ((progress: RlmProgress) => void) | undefined;
}

/** One way to get from an input to an output that fits the signature. Throws `PredictFailure`. */
export type Strategy = (run: StrategyRun) => Promise<Json>;
