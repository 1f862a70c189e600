import * as z from 'zod';
import { deferred } from './deferred.ts';
import { idSchema, jsonSchema, signatureIdSchema, timestampSchema } from './json.ts';
import { predictResultSchema } from './receipt.ts';
import { rlmActionSchema } from './rlmAction.ts';

/** Whose words a text is made of. Only the task and the kernel's own words are trusted. */
export const trustSchema = deferred(() => z.enum(['trusted', 'untrusted']));
export type Trust = z.infer<typeof trustSchema>;

/** Where a text comes from: the input, a sub call, a tool, the controller, or the kernel itself. */
export const originSchema = deferred(() => z.enum(['input', 'sub', 'tool', 'controller', 'kernel']));
export type Origin = z.infer<typeof originSchema>;

/** A part of a variable: characters `start` up to `end` (UTF-16 units, `end` not included), lines counted from 1. */
export const spanSchema = deferred(() =>
  z.strictObject({
    source: z.string(),
    start: z.number().int().nonnegative(),
    end: z.number().int().nonnegative(),
    lines: z.strictObject({ first: z.number().int().min(1), last: z.number().int().min(1) }),
  }),
);
export type Span = z.infer<typeof spanSchema>;

/** What an action showed: the kernel's own words, and quoted text apart from them. */
export const observationSchema = deferred(() =>
  z.strictObject({
    /** What happened, in the kernel's words; holds no quoted text. */
    summary: z.string(),
    /** False when the action was refused. */
    ok: z.boolean(),
    /** Text from a variable, marked and shown to the controller once; null when nothing was quoted. */
    quote: z
      .strictObject({
        text: z.string(),
        origin: originSchema,
        trust: trustSchema,
        spans: z.array(spanSchema),
        /** Characters that did not fit into one observation. */
        leftOut: z.number().int().nonnegative(),
      })
      .nullable(),
  }),
);
export type Observation = z.infer<typeof observationSchema>;

/** One call of the sub model and what it said. */
export const subCallSchema = deferred(() =>
  z.strictObject({
    span: spanSchema,
    question: z.string(),
    notes: z.string().nullable(),
    error: z.string().nullable(),
  }),
);
export type SubCall = z.infer<typeof subCallSchema>;

/** One turn of the controller. */
export const rlmTurnSchema = deferred(() =>
  z.strictObject({
    turn: z.number().int().min(1),
    /** The guidance that was given, and what the controller answered, word by word. */
    next: z.string(),
    answers: z.array(z.strictObject({ text: z.string(), problem: z.string().nullable() })),
    /** Null when neither the answer nor its repair was an action. */
    action: rlmActionSchema.nullable(),
    subCalls: z.array(subCallSchema),
    /** Null when the turn broke off. */
    observation: observationSchema.nullable(),
    ms: z.number().nonnegative(),
  }),
);
export type RlmTurn = z.infer<typeof rlmTurnSchema>;

/** A variable as it was at the end. Its text can be followed: input, spans and sub calls are all in the trace. */
export const rlmVariableSchema = deferred(() =>
  z.strictObject({
    name: z.string(),
    origin: originSchema,
    trust: trustSchema,
    chars: z.number().int().nonnegative(),
    /** Chunks it is cut into; null for a text. */
    chunks: z.number().int().nullable(),
  }),
);
export type RlmVariable = z.infer<typeof rlmVariableSchema>;

/** The record of one RLM-lite run, whole: input, every action, every observation, and the final output. */
export const rlmTraceSchema = deferred(() =>
  z.strictObject({
    format: z.literal('openagents.dse.rlm_trace'),
    formatVersion: z.literal(1),
    traceId: idSchema,
    receiptId: idSchema,
    signatureId: signatureIdSchema,
    startedAt: timestampSchema,
    ms: z.number().nonnegative(),
    input: jsonSchema,
    turns: z.array(rlmTurnSchema),
    variables: z.array(rlmVariableSchema),
    result: predictResultSchema,
  }),
);
export type RlmTrace = z.infer<typeof rlmTraceSchema>;
