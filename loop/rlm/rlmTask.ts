import type { Json } from '../contract/json.ts';
import type { Budgets, Params, RlmLite } from '../contract/params.ts';
import { PredictFailure } from '../predict/predictFailure.ts';
import type { LongContext, Signature } from '../signature.ts';

/** What a run works on, checked: it never starts without its limits. */
export interface RlmTask {
  readonly signature: Signature;
  readonly longContext: LongContext;
  readonly input: Readonly<Record<string, Json>>;
  /** The long field as one text. */
  readonly text: string;
  /** What is asked, by the user: the other fields, else the params' instruction. Never words of a text or of a controller. */
  readonly asked: string;
  readonly knobs: RlmLite;
  readonly budgets: Budgets & Required<Pick<Budgets, 'maxRlmIterations' | 'maxSubLmCalls'>>;
  readonly tools: readonly string[];
}

/** The task of an input under params. Throws `PredictFailure` when the signature or the params do not allow a bounded run. */
export function rlmTask(signature: Signature, params: Params, input: Json): RlmTask {
  const { budgets, rlmLite: knobs, tools } = params;
  const { longContext } = signature;
  const closed = (what: string) =>
    new PredictFailure('artifact_incompatible', `rlm_lite.v1 does not run without ${what}`);
  if (!longContext) throw closed(`a long context, and ${signature.id} names none`);
  if (!knobs) throw closed('the param rlmLite');
  const { maxRlmIterations, maxSubLmCalls } = budgets;
  if (maxRlmIterations === undefined) throw closed('the budget maxRlmIterations');
  if (maxSubLmCalls === undefined) throw closed('the budget maxSubLmCalls');
  const fields = input as Readonly<Record<string, Json>>;
  const { [longContext.field]: long, ...others } = fields;
  return {
    signature,
    longContext,
    input: fields,
    text: textOf(long ?? ''),
    asked: Object.values(others).map(textOf).join('\n') || params.instruction,
    knobs,
    budgets: { ...budgets, maxRlmIterations, maxSubLmCalls },
    tools,
  };
}

/** The task's input with another text in place of the long one, in the shape that the signature takes. */
export function inputWith({ input, longContext: { field } }: RlmTask, text: string): Json {
  return { ...input, [field]: Array.isArray(input[field]) ? text.split('\n') : text };
}

function textOf(value: Json): string {
  if (typeof value === 'string') return value;
  if (Array.isArray(value)) return value.map(textOf).join('\n');
  return JSON.stringify(value);
}
