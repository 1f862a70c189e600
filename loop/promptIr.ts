import type { Json } from './contract/json.ts';

/**
 * A prompt as blocks, in order. Blocks without text of their own are filled from the params (Instruction, FewShot),
 * from the signature's output schema (OutputFormat) or from the input (Context).
 */
export type PromptBlock =
  | { readonly kind: 'System'; readonly text: string }
  | { readonly kind: 'Instruction' }
  | { readonly kind: 'ToolPolicy'; readonly text: string; readonly tools: readonly ToolDescription[] }
  | { readonly kind: 'OutputFormat' }
  | { readonly kind: 'FewShot' }
  | { readonly kind: 'Context'; readonly fields: readonly string[] };

export interface ToolDescription {
  readonly name: string;
  readonly description: string;
}

export type PromptIr = readonly PromptBlock[];

/** The IR as plain JSON, for hashing. */
export function promptIrJson(ir: PromptIr): Json {
  return JSON.parse(JSON.stringify(ir)) as Json;
}
