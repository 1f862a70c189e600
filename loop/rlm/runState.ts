import type { Observation } from '../contract/rlmTrace.ts';
import type { Meter } from '../predict/meter.ts';
import type { RlmTask } from './rlmTask.ts';
import { type ChunksVariable, type TextVariable, Variables } from './variables.ts';

/** What has happened in a run so far. Everything the controller is told of it is made from here, never from texts. */
export interface RunState {
  readonly task: RlmTask;
  readonly variables: Variables;
  /** The text that the answer will be made of: the input at first, then the notes on it. */
  focus: TextVariable;
  /** False once notes came out about as long as what they are on: reading them again would not end. */
  canShrink: boolean;
  /** Texts whose beginning has been shown. */
  readonly seen: Set<TextVariable>;
  /** Chunk lists that were read, and the notes on them. */
  readonly read: Map<ChunksVariable, TextVariable>;
  /** What each turn did, in the kernel's words. */
  readonly history: string[];
  last: Observation | null;
  /** Knows what was used of the budgets. */
  readonly meter: Meter;
}

/** A run before its first turn. */
export function beginRun(task: RlmTask, meter: Meter): RunState {
  const variables = new Variables();
  const focus = variables.addText(task.longContext.field, task.text, 'input', 'untrusted');
  return {
    task,
    variables,
    focus,
    canShrink: true,
    seen: new Set(),
    read: new Map(),
    history: [],
    last: null,
    meter,
  };
}
