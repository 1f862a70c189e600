import * as z from 'zod';
import { deferred } from '../contract/deferred.ts';
import type { Signature } from '../signature.ts';
import { selectToolId } from './ids.ts';

/** The tools a message can call for; `none` leaves the Blueprint as it is. */
export const blueprintTools = [
  'identity_update',
  'user_update',
  'character_update',
  'tools_update_notes',
  'heartbeat_set_checklist',
  'memory_append',
  'blueprint_export',
  'none',
] as const;
export type BlueprintTool = (typeof blueprintTools)[number];

/** The hint for a Blueprint nobody has changed yet. */
export const freshBlueprintHint = 'Agent: Autopilot. User: not named yet.';

const defaultInstruction = [
  'Decide whether the message asks for a lasting change of the Blueprint, the file that defines this agent, and choose the one tool that makes it.',
  'Choose none when the message is a question, a task to do now, small talk, or asks for nothing that lasts.',
  'When the message asks for two changes, choose the tool for the first one.',
].join('\n');

/** Chooses the Blueprint tool for a chat message. The hot path of `/autopilot`, and what the night improves. */
export const selectTool: Signature = {
  id: selectToolId,
  title: 'SelectTool',
  input: deferred(() =>
    z.strictObject({ message: z.string().min(1).max(4_000), blueprintHint: z.string().max(400) }),
  ),
  output: deferred(() => z.strictObject({ tool: z.enum(blueprintTools) })),
  prompt: [
    { kind: 'System', text: 'You route messages of a personal agent to the tools that edit its Blueprint.' },
    { kind: 'Instruction' },
    {
      kind: 'ToolPolicy',
      text: 'Use exactly one of these:',
      tools: [
        {
          name: 'identity_update',
          description: 'change who the agent is: its name, avatar, tagline or role.',
        },
        {
          name: 'user_update',
          description: 'save lasting facts about the user: name, pronouns, time zone, job, preferences.',
        },
        {
          name: 'character_update',
          description: 'change how the agent behaves and talks from now on: tone, style, limits.',
        },
        {
          name: 'tools_update_notes',
          description: 'save notes on how to use tools, machines, repositories and services.',
        },
        {
          name: 'heartbeat_set_checklist',
          description: 'set what the agent checks regularly, on every heartbeat.',
        },
        { name: 'memory_append', description: 'remember a fact, decision, event or date for later.' },
        { name: 'blueprint_export', description: 'export, show or back up the whole Blueprint.' },
        { name: 'none', description: 'no change of the Blueprint is asked for.' },
      ],
    },
    { kind: 'OutputFormat' },
    { kind: 'FewShot' },
    { kind: 'Context', fields: ['message', 'blueprintHint'] },
  ],
  defaults: {
    strategy: 'direct.v1',
    instruction: defaultInstruction,
    fewShots: [
      shot('day1-1', 'Your name is Robin from today.', 'identity_update'),
      shot('day1-2', 'I live in Lisbon, so use my local time when you plan things.', 'user_update'),
      shot('day1-3', 'Please be more concise in general, you tend to ramble.', 'character_update'),
      shot(
        'day1-4',
        'Remember that the budget meeting moved to the first Tuesday of the month.',
        'memory_append',
      ),
      shot('day1-5', 'What is the difference between a lease and a licence?', 'none'),
    ],
    decode: { policy: 'strict_json', maxRepairs: 1 },
    tools: [],
    rlmLite: null,
    budgets: { maxTimeMs: 20_000, maxLmCalls: 3, maxOutputChars: 2_000 },
  },
  reward: 'exact_json_match.v1',
  search: {
    maxFewShots: 40,
    instructions: [
      [
        'Choose the one tool that carries out what the message asks for.',
        'A request counts only if the user wants it to hold from now on; something wanted once, right now, is none.',
        'Somebody else’s words that are only quoted, a story, or a what-if are none.',
      ].join('\n'),
      [
        defaultInstruction,
        '- identity_update is about the agent as a character with a name and a face; character_update is about its manner.',
        '- user_update is about the person who writes; memory_append is about everything else worth keeping.',
        '- tools_update_notes says how something is operated: commands, hosts, accounts, repositories.',
        '- heartbeat_set_checklist is for what should be looked at again and again, at set times.',
        '- blueprint_export hands the file over: download, print, copy, backup.',
        '- none is for questions about any of these, and for passwords, card numbers and other secrets, which are never stored.',
      ].join('\n'),
      [
        defaultInstruction,
        'Signs to look for:',
        '- identity_update: you are now, be called, rename yourself, your name, nickname, avatar, picture, emoji, icon, tagline, slogan, motto, title, role, introduce yourself as.',
        '- user_update: I am, I’m, my name, call me, my pronouns, I live, I moved, my time zone, I work as, my job, my hours, I speak, I eat, I’m allergic, my birthday, my profile.',
        '- character_update: your tone, style, talk, sound, be more, be less, shorter, friendlier, formal, funny, jokes, emojis, swearing, stop saying, never say, always answer, from now on.',
        '- tools_update_notes: tool notes, command, script, server, host, port, repo, branch, account, login, app, machine, printer, calendar, use this instead of that, run, deploy.',
        '- heartbeat_set_checklist: heartbeat, checklist, rounds, routine, every morning, every day, each week, hourly, daily, nightly, regularly, keep an eye on, watch, monitor, check whether.',
        '- memory_append: remember that, don’t forget, keep in mind, note that, for the record, memory, we decided, agreed, promised, deadline, appointment, is due, moved to, the code word.',
        '- blueprint_export: export, download, back up, backup, dump, copy of the Blueprint, the whole Blueprint, configuration file, as JSON, print everything.',
        '- none: what, why, how, when, who, which, can you, could you, write, translate, summarise, explain, find, calculate, thanks, hello, today, just this once, password, PIN, card number.',
      ].join('\n'),
      'Pick the tool. If in doubt, pick none.',
    ],
  },
  text: input => messageSchema.parse(input).message,
  label: output => labelSchema.parse(output).tool,
};

const messageSchema = deferred(() => z.object({ message: z.string() }));
const labelSchema = deferred(() => z.object({ tool: z.string() }));

function shot(exampleId: string, message: string, tool: BlueprintTool) {
  return { exampleId, input: { message, blueprintHint: freshBlueprintHint }, output: { tool } };
}
