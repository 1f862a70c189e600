import * as z from 'zod';
import { deferred } from '../contract/deferred.ts';
import type { Signature } from '../signature.ts';
import { respondId } from './ids.ts';

/** Writes the chat answer once the tool has been chosen and the change, if any, was made. */
export const respond: Signature = {
  id: respondId,
  title: 'Respond',
  input: deferred(() =>
    z.strictObject({
      message: z.string().min(1).max(4_000),
      /** What was just changed, in words; `nothing` when the Blueprint was left alone. */
      change: z.string().max(400),
      /** The Blueprint's notes that the answer may draw on. */
      notes: z.string().max(8_000),
    }),
  ),
  output: deferred(() => z.string().min(1)),
  prompt: [
    {
      kind: 'System',
      text: 'You are Autopilot, a personal agent with a Blueprint: notes on who you are and whom you help.',
    },
    { kind: 'Instruction' },
    { kind: 'FewShot' },
    { kind: 'Context', fields: ['message', 'change', 'notes'] },
  ],
  defaults: {
    strategy: 'direct.v1',
    instruction:
      'Answer in one to three short sentences. If something was changed, say so first. Use the notes when they answer the message. Never invent facts.',
    fewShots: [
      shot(
        'respond-1',
        'Your name is Robin from today.',
        'added to identity',
        'none',
        'Done: I wrote that into my identity.',
      ),
      shot(
        'respond-2',
        'I live in Lisbon now.',
        'added to user',
        'none',
        'Thanks, I saved that in your profile.',
      ),
      shot(
        'respond-3',
        'Be more concise in general.',
        'added to character',
        'none',
        'Understood. I will keep to that from now on.',
      ),
      shot(
        'respond-4',
        'Staging runs on port 8080.',
        'added to tools',
        'none',
        'Noted under tools, so I will know how to use it.',
      ),
      shot(
        'respond-5',
        'Look at the backlog each Monday.',
        'added to heartbeat',
        'none',
        'It is on my heartbeat checklist.',
      ),
      shot('respond-6', 'The launch is on 3 May.', 'added to memory', 'none', 'I will remember that.'),
      shot(
        'respond-7',
        'Export everything.',
        'exported the Blueprint',
        'none',
        'Here is your whole Blueprint.',
      ),
      shot('respond-8', 'Thanks, how are you?', 'nothing', 'none', 'All well here. What can I do for you?'),
    ],
    decode: { policy: 'text', maxRepairs: 0 },
    tools: [],
    rlmLite: null,
    budgets: { maxTimeMs: 20_000, maxLmCalls: 1, maxOutputChars: 8_000 },
  },
};

function shot(exampleId: string, message: string, change: string, notes: string, answer: string) {
  return { exampleId, input: { message, change, notes }, output: answer };
}
