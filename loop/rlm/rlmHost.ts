import type { Json } from '../contract/json.ts';
import type { Meter } from '../predict/meter.ts';

/** What the kernel needs of the predict it runs in. */
export interface RlmHost {
  /** The only way to a model; it throws when a budget is spent. */
  readonly meter: Meter;
  /** The output that the signature's own prompt makes of a text. */
  compose(text: string): Promise<Json>;
  /** Calls a tool of the allow-list. Left out where there are none. */
  callTool?(tool: string, args: Json): Promise<string>;
  /** Told of each action and each sub call, so that nobody waits in silence. */
  onProgress?(progress: RlmProgress): void;
}

/** How far a run is. */
export interface RlmProgress {
  readonly turn: number;
  readonly subLmCalls: number;
  /** What was just done, in words. */
  readonly doing: string;
}
