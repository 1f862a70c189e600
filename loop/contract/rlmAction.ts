import * as z from 'zod';
import { deferred } from './deferred.ts';

/** Schemas for the names an action may use: any string in a stored trace, the names that exist now for a turn. */
export interface ActionNames {
  /** Variables that hold a text. */
  readonly text: z.ZodType<string>;
  /** Variables that hold chunks; null when there are none, and the action that needs them is not offered. */
  readonly chunks: z.ZodType<string> | null;
  /** Tools that may be called; null for none. */
  readonly tool: z.ZodType<string> | null;
  /** How an answer can be made now. */
  readonly how: z.ZodType<'compose' | 'verbatim'>;
}

/**
 * The actions of the `rlm_lite.v1` controller under these names. Every field is required, as strict JSON-schema modes of
 * model endpoints want it. No action says what a sub call is asked or what a variable is called: the controller may have
 * untrusted text in view, and its words would carry that text into prompts that do not mark it.
 */
export function actionSchema({ text, chunks, tool, how }: ActionNames) {
  const preview = z
    .strictObject({ action: z.literal('Preview'), var: text })
    .describe(
      'Look at how a text begins and how long it is. The first thing to do with a text nobody has seen.',
    );
  const search = z
    .strictObject({ action: z.literal('Search'), var: text, query: z.string().min(1).max(400) })
    .describe('Find the lines of a text that hold the words of a query, when a single fact is wanted.');
  const load = z
    .strictObject({
      action: z.literal('Load'),
      var: text,
      start: z.number().int().min(0),
      end: z.number().int().min(1),
    })
    .describe('Copy the characters from start to end, as a search named them, into a variable of their own.');
  const chunk = z
    .strictObject({ action: z.literal('Chunk'), var: text })
    .describe('Cut a text that is too long into chunks, each short enough to be read by one sub call.');
  const extract = z
    .strictObject({
      action: z.literal('ExtractOverChunks'),
      chunks: chunks ?? z.never(),
    })
    .describe("Ask the task's question of every chunk, at the same time, and gather notes from all of them.");
  const write = z
    .strictObject({ action: z.literal('WriteVar'), text: z.string().max(20_000) })
    .describe('Keep own words in a new variable.');
  const sub = z
    .strictObject({ action: z.literal('SubLm'), var: text })
    .describe('Let one sub call read a single short text and note what it says.');
  const call = z
    .strictObject({
      action: z.literal('ToolCall'),
      tool: tool ?? z.never(),
      argumentsJson: z.string().max(4_000).describe('The arguments as a JSON object.'),
    })
    .describe('Call an allowed tool.');
  const final = z
    .strictObject({
      action: z.literal('Final'),
      var: text,
      how,
    })
    .describe('Finish: everything has been read, and the answer is made from this text.');
  const always = [preview, search, load, chunk, write, sub, final] as const;
  return z.discriminatedUnion('action', [...always, ...(chunks ? [extract] : []), ...(tool ? [call] : [])]);
}

const anyName = () => z.string().min(1).max(64);

/** An action as a trace keeps it. */
export const rlmActionSchema = deferred(() =>
  actionSchema({ text: anyName(), chunks: anyName(), tool: anyName(), how: z.enum(['compose', 'verbatim']) }),
);
export type RlmAction = z.infer<ReturnType<typeof actionSchema>>;
