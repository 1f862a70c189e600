import type { Json } from '../contract/json.ts';
import type { LmCall } from '../contract/receipt.ts';
import type { ChatMessage } from './message.ts';
import type { Prices } from './prices.ts';

/** One question to a model. */
export interface LmRequest {
  readonly model: string;
  readonly messages: readonly ChatMessage[];
  /** Ask for an answer of this JSON schema; null for text. */
  readonly outputSchema: Json | null;
  readonly maxOutputChars: number;
  /** Ends the call, headers and body alike. Its reason tells a time-out from a cancel. */
  readonly signal: AbortSignal;
  /** When the signal will abort, in milliseconds since 1970: a wait that ends later is not begun. */
  readonly deadline?: number;
  /** Text as it arrives; asking for it makes the call stream. */
  readonly onDelta?: ((text: string) => void) | undefined;
}

export interface LmReply {
  readonly text: string;
  /** The model that answered, as the provider names it. */
  readonly model: string;
  readonly fallbackUsed: boolean;
  /** HTTP requests made, hedges included. */
  readonly attempts: number;
  readonly usage: LmCall['usage'];
}

/** Anything that can answer an `LmRequest`; failures are thrown as `LmError`. */
export interface LmClient {
  readonly provider: string;
  /** Prices of its models as far as they are certain. */
  readonly prices?: Prices;
  complete(request: LmRequest): Promise<LmReply>;
}
