import type { Json } from '../contract/json.ts';
import type { RlmAction } from '../contract/rlmAction.ts';
import type { RlmTurn, RlmVariable, SubCall } from '../contract/rlmTrace.ts';
import { PredictFailure } from '../predict/predictFailure.ts';
import { turnPrompt } from './controllerPrompt.ts';
import { perform } from './perform.ts';
import type { RlmHost } from './rlmHost.ts';
import type { RlmTask } from './rlmTask.ts';
import { beginRun, type RunState } from './runState.ts';

/** What a run did, whatever its end: every turn is there, also the one that broke off. */
export interface RlmRun {
  /** The answer, or what was thrown. */
  readonly end:
    | { readonly ok: true; readonly output: Json }
    | { readonly ok: false; readonly error: unknown };
  readonly turns: readonly RlmTurn[];
  readonly variables: readonly RlmVariable[];
}

/** Runs the controller until it finishes, fails, or its turns are spent. Never throws. */
export async function runController(task: RlmTask, host: RlmHost): Promise<RlmRun> {
  const state = beginRun(task, host.meter);
  const turns: RlmTurn[] = [];
  const ended = (end: RlmRun['end']): RlmRun => ({
    end,
    turns,
    variables: state.variables.listed(),
  });
  try {
    for (;;) {
      host.meter.beginIteration();
      const output = await takeTurn(state, host, turns);
      if (output !== undefined) return ended({ ok: true, output });
    }
  } catch (error) {
    return ended({ ok: false, error });
  }
}

/** One turn, kept in `turns` whatever happens. Answers the output when the controller has finished. */
async function takeTurn(state: RunState, host: RlmHost, turns: RlmTurn[]): Promise<Json | undefined> {
  const before = host.meter.used;
  const answers: RlmTurn['answers'] = [];
  const subCalls: SubCall[] = [];
  const turn = { turn: before.rlmIterations, next: '', answers, action: null as RlmAction | null, subCalls };
  let observation: RlmTurn['observation'] = null;
  try {
    turn.action = await chooseAction(state, host, turn);
    host.onProgress?.({ turn: turn.turn, subLmCalls: before.subLmCalls, doing: turn.action.action });
    const done = await perform(state, host, turn.action, subCalls);
    observation = done.observation;
    state.last = observation;
    state.history.push(`${turn.turn} ${turn.action.action}: ${observation.ok ? 'done' : 'refused'}`);
    return done.output;
  } finally {
    turns.push({ ...turn, observation, ms: host.meter.used.timeMs - before.timeMs });
  }
}

/** Asks for an action, and once more when the answer is none. The second time nothing quoted is shown again. */
async function chooseAction(
  state: RunState,
  host: RlmHost,
  turn: { turn: number; next: string; answers: RlmTurn['answers'] },
): Promise<RlmAction> {
  const prompt = turnPrompt(state);
  turn.next = prompt.next;
  const read = (text: string): RlmAction | null => {
    const answer = readAnswer(prompt.schema, text);
    turn.answers.push({ text, problem: answer.problem });
    return answer.action;
  };
  const first = read(await host.meter.ask({ role: 'main', ...prompt }));
  if (first) return first;
  const complaint = `Your last answer cannot be used: ${turn.answers[0]?.problem}. Answer again, with the JSON object only.`;
  const again = [...turnPrompt(state, false).messages, { role: 'user' as const, content: complaint }];
  const second = read(
    await host.meter.ask({ role: 'repair', messages: again, outputSchema: prompt.outputSchema }),
  );
  if (second) return second;
  throw new PredictFailure(
    'decode_failed',
    `turn ${turn.turn} of the controller is no action, also after a repair: ${turn.answers[1]?.problem}`,
  );
}

function readAnswer(
  schema: ReturnType<typeof turnPrompt>['schema'],
  text: string,
): { action: RlmAction | null; problem: string | null } {
  let value: unknown;
  try {
    value = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1));
  } catch {
    return { action: null, problem: 'it is not one JSON object' };
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return { action: parsed.data.step, problem: null };
  // Where and of which kind, never the answer's own words: they may be a text's.
  const [issue] = parsed.error.issues;
  return { action: null, problem: `it does not fit the schema at ${pathOf(issue?.path)} (${issue?.code})` };
}

function pathOf(path: readonly PropertyKey[] | undefined): string {
  return path && path.length > 0
    ? path.map(part => (typeof part === 'string' && /^[a-zA-Z]{1,20}$/.test(part) ? part : '*')).join('.')
    : 'the top';
}
