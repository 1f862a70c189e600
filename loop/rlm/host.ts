import type { Json } from '../contract/json.ts';
import type { ChatMessage } from '../lm/message.ts';

/** What the kernel asks of the predict it runs in. Every call is metered there, and throws when a budget is spent. */
export interface RlmHost {
  /** One model call. */
  ask(role: 'main' | 'sub' | 'repair', messages: readonly ChatMessage[], outputSchema: Json): Promise<string>;
  /** The signature's own prompt on an input, decoded and repaired: how an answer is composed. */
  compose(input: Json): Promise<Json>;
  /** Calls a tool of the allow-list. Left out where there are no tools. */
  callTool?(tool: string, args: Json): Promise<string>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Told after each turn and each sub call, so that nobody waits in silence. */
  onProgress?(progress: RlmProgress): void;
}

/** How far a run is. */
export interface RlmProgress {
  readonly turn: number;
  readonly subCalls: number;
  /** The action under way or just done, in words. */
  readonly doing: string;
}
