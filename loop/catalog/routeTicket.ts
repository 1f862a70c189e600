import * as z from 'zod';
import { deferred } from '../contract/deferred.ts';
import type { Signature } from '../signature.ts';

/** The queues of the help desk of an internet provider; `other` is read by the front office. */
const queues = ['outage', 'billing', 'contract', 'appointment', 'device', 'sales', 'abuse', 'other'] as const;

const inputSchema = deferred(() =>
  z.strictObject({
    message: z.string().min(1).max(4_000),
    channel: z.enum(['mail', 'form', 'chat']),
  }),
);
const outputSchema = deferred(() => z.strictObject({ queue: z.enum(queues) }));

const defaultInstruction = 'Choose the queue for this message of a customer.';

/**
 * Sorts a customer's message into a queue of a help desk. An example of a signature that has nothing to do with Autopilot: all of it is
 * this file, its line in `catalog.ts`, and its data set in `fixtures/datasets/routeticket.v1.jsonl`.
 */
export const routeTicket: Signature = {
  id: '@example/support/RouteTicket.v1',
  title: 'RouteTicket',
  input: inputSchema,
  output: outputSchema,
  prompt: [
    {
      kind: 'System',
      text: 'You sort the post of an internet provider with telephone, television and mobile plans.',
    },
    { kind: 'Instruction' },
    {
      kind: 'ToolPolicy',
      text: 'These are the queues:',
      tools: [
        { name: 'outage', description: 'the service is down, slow or disturbed.' },
        { name: 'billing', description: 'invoices, payments, refunds.' },
        { name: 'contract', description: 'cancelling, moving, changing an existing subscription.' },
        { name: 'appointment', description: 'visits of technicians, deliveries.' },
        { name: 'device', description: 'setting up and using routers, boxes, telephones, mailboxes.' },
        { name: 'sales', description: 'offers, prices and availability for somebody who wants to buy.' },
        { name: 'abuse', description: 'fraud, phishing, spam, stolen accounts, attacks.' },
        { name: 'other', description: 'anything else.' },
      ],
    },
    { kind: 'OutputFormat' },
    { kind: 'FewShot' },
    { kind: 'Context', fields: ['message', 'channel'] },
  ],
  defaults: {
    strategy: 'direct.v1',
    instruction: defaultInstruction,
    fewShots: [],
    decode: { policy: 'strict_json', maxRepairs: 1 },
    tools: [],
    rlmLite: null,
    budgets: { maxTimeMs: 20_000, maxLmCalls: 3, maxOutputChars: 2_000 },
  },
  reward: 'exact_json_match.v1',
  search: {
    maxFewShots: 32,
    instructions: [
      [
        defaultInstruction,
        'Ask who must act: the network, accounting, the subscription desk, the planners of visits, the help with devices, the shop, or security.',
      ].join('\n'),
      [
        defaultInstruction,
        '- outage: nothing works, no internet, no signal, line dead, down, offline, slow, drops, interruptions, when is it repaired.',
        '- billing: bill, invoice, charged, debited, pay, fee, reminder, refund, credit, discount missing, direct debit.',
        '- contract: cancel, notice, terminate, moving, new address, new name, change or end my plan, how long am I bound.',
        '- appointment: technician, fitter, engineer, visit, date, slot, delivery, parcel, courier, reschedule.',
        '- device: router, wifi, box, password, settings, how do I set up, port, remote, mail program, error code.',
        '- sales: I would like to order, offer, price, cost, available at, new customer, which plan, quote.',
        '- abuse: spam, phishing, hacked, fraud, somebody else used, suspicious, attack, block a number, stolen.',
        '- other: thanks, jobs, press, lost things, greetings, tests, opinions, opening hours.',
      ].join('\n'),
    ],
  },
  chat: {
    input: text => ({ message: text, channel: 'chat' }),
    answer: output => `Your message goes to ${outputSchema.parse(output).queue}.`,
  },
  text: input => inputSchema.parse(input).message,
  label: output => outputSchema.parse(output).queue,
};
