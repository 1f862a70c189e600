import type { Json } from '../contract/json.ts';
import type { RlmAction } from '../contract/rlmAction.ts';
import type { Observation, Origin, Span, SubCall } from '../contract/rlmTrace.ts';
import { cutText } from './chunk.ts';
import { fanOut } from './fanOut.ts';
import { readPart } from './readPart.ts';
import type { RlmHost } from './rlmHost.ts';
import type { RunState } from './runState.ts';
import { searchLines } from './searchLines.ts';
import type { ChunksVariable, TextVariable } from './variables.ts';

// Turns that follow a reading, their repairs, and the answer with its own.
const KEPT_BACK = 6;
// Of the sub calls left; the rest can read the notes once more, where they turn out too long for an answer.
const FIRST_READING = 0.75;
// With its space. English has five to six, names and figures more.
const CHARS_A_WORD = 6.5;
// Fewer hold no sentence.
const LEAST_WORDS = 15;
// Notes longer than this share of what was read are no shorter for being read once more.
const SHRUNK = 0.8;

/** What an action did: an observation, or the answer that ends the run. */
export type Performed = { readonly observation: Observation; readonly output?: Json };

/**
 * Does one action on the variables of a run. Sub calls are put into `subCalls` as they end, also when a later one fails.
 * Throws what the host throws.
 */
export async function perform(
  state: RunState,
  host: RlmHost,
  action: RlmAction,
  subCalls: SubCall[],
): Promise<Performed> {
  const { variables, task } = state;
  const textOf = (name: string): TextVariable | null => {
    const variable = variables.get(name);
    return variable?.kind === 'text' ? variable : null;
  };
  const missing = (name: string) => refused(`There is no text ${name}.`);

  switch (action.action) {
    case 'Preview': {
      const text = textOf(action.var);
      if (!text) return missing(action.var);
      if (state.seen.has(text)) return refused(`The beginning of ${text.name} was shown before.`);
      state.seen.add(text);
      const summary = `${text.name} has ${text.text.length} characters in ${text.lines.count} lines; this is how it begins.`;
      return shown(state, summary, text, [{ start: 0, end: text.text.length }]);
    }
    case 'Search': {
      const text = textOf(action.var);
      if (!text) return missing(action.var);
      const found = searchLines(text, action.query);
      return shown(state, `${found.length} lines of ${text.name} hold words of the query.`, text, found);
    }
    case 'Load': {
      const text = textOf(action.var);
      if (!text) return missing(action.var);
      const { start } = action;
      const end = Math.min(action.end, text.text.length);
      if (start >= end) return refused(`${text.name} has no characters from ${start} to ${action.end}.`);
      const loaded = variables.addText('loaded', text.text.slice(start, end), text.origin, text.trust);
      state.seen.add(loaded);
      return shown(state, `Copied into ${loaded.name}.`, text, [{ start, end }]);
    }
    case 'Chunk': {
      const text = textOf(action.var);
      if (!text) return missing(action.var);
      if (text.text.length === 0) return refused(`${text.name} is empty.`);
      const chunks = chunked(state, text);
      const longest = Math.max(...chunks.spans.map(({ start, end }) => end - start));
      return said(
        `Cut ${text.name} into ${chunks.spans.length} chunks of at most ${longest} characters: ${chunks.name}.`,
      );
    }
    case 'WriteVar': {
      // The controller may have seen untrusted text, so its words carry no more trust than that.
      const written = variables.addText('written', action.text, 'controller', 'untrusted');
      state.seen.add(written);
      return said(`Wrote ${action.text.length} characters into ${written.name}.`);
    }
    case 'SubLm': {
      const text = textOf(action.var);
      if (!text) return missing(action.var);
      const whole = text.lines.span(text.name, 0, text.text.length);
      return await notedFrom(state, host, text, [whole], subCalls);
    }
    case 'ExtractOverChunks': {
      const chunks = variables.get(action.chunks);
      if (chunks?.kind !== 'chunks') return refused(`There are no chunks ${action.chunks}.`);
      const done = await notedFrom(state, host, chunks.of, chunks.spans, subCalls);
      if (done.observation.ok) state.read.set(chunks, state.focus);
      return done;
    }
    case 'ToolCall':
      return await called(state, host, action.tool, action.argumentsJson);
    case 'Final': {
      const text = textOf(action.var);
      if (!text) return missing(action.var);
      if (action.how === 'compose')
        return {
          ...said(`The answer was composed from ${text.name}.`),
          output: await host.compose(text.text),
        };
      const output = text.origin === 'input' ? null : task.longContext.verbatim(text.text);
      if (output === null || !task.signature.output.safeParse(output).success)
        return refused(`${text.name} cannot be the answer as it is; compose it.`);
      return { ...said(`The answer is ${text.name}, word by word.`), output };
    }
  }
}

/** Words that each of `parts` readers may write, so that all notes together are one answer and need no second reading. */
function wordsEach(answerChars: number, parts: number): number {
  return Math.max(LEAST_WORDS, Math.floor(answerChars / parts / CHARS_A_WORD));
}

/** Chunks as the knobs want them, or larger when there would be more than the sub calls left can read. */
function chunked(state: RunState, text: TextVariable): ChunksVariable {
  const { task, variables } = state;
  const { chunkChars, overlapChars } = task.knobs;
  const left = Math.max(1, Math.floor(subCallsLeft(state) * (text.origin === 'input' ? FIRST_READING : 1)));
  let size = chunkChars;
  let cuts = cutText(text.text, size, overlapChars);
  while (cuts.length > left) {
    size = Math.ceil(size * Math.max(1.1, cuts.length / left));
    cuts = cutText(text.text, size, overlapChars);
  }
  return variables.addChunks(
    text,
    cuts.map(({ start, end }) => text.lines.span(text.name, start, end)),
  );
}

/** Sub calls that may still be made; some calls are kept back for the turns to come and the answer. */
function subCallsLeft({ task: { budgets }, meter: { used } }: RunState): number {
  const calls = budgets.maxLmCalls - used.lmCalls - KEPT_BACK;
  return Math.min(budgets.maxSubLmCalls - used.subLmCalls, calls);
}

/**
 * Notes on parts of a text, from one sub call each. They become the text that the answer is made of. What is asked is the task's own
 * question: the controller's words may be a text's.
 */
async function notedFrom(
  state: RunState,
  host: RlmHost,
  text: TextVariable,
  spans: readonly Span[],
  subCalls: SubCall[],
): Promise<Performed> {
  const { task } = state;
  const left = subCallsLeft(state);
  if (spans.length > left)
    return refused(`${spans.length} sub calls are needed, and the budgets leave ${left}.`);
  const question = task.asked;
  const mostWords = wordsEach(task.longContext.answerChars, spans.length);
  const notes = await fanOut(spans, task.knobs.parallel, async (span, at) => {
    const place = `part ${at + 1} of ${spans.length} of ${text.name}`;
    try {
      const part = await readPart(host.meter, {
        question,
        place,
        text: text.text.slice(span.start, span.end),
        mostWords,
      });
      subCalls.push({ span, question, notes: part, error: null });
      const { rlmIterations: turn, subLmCalls } = host.meter.used;
      host.onProgress?.({ turn, subLmCalls, doing: `read ${place}` });
      return part;
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      subCalls.push({ span, question, notes: null, error: message });
      throw error;
    }
  });
  const gathered = notes.filter(note => note !== '').join('\n');
  state.canShrink = gathered.length <= spans.reduce((sum, { start, end }) => sum + end - start, 0) * SHRUNK;
  state.focus = state.variables.addText('notes', gathered, 'sub', 'untrusted');
  return said(
    `${spans.length} sub calls read ${text.name} and wrote ${gathered.length} characters into ${state.focus.name}.`,
  );
}

async function called(
  state: RunState,
  host: RlmHost,
  tool: string,
  argumentsJson: string,
): Promise<Performed> {
  const { tools } = state.task;
  if (!tools.includes(tool) || !host.callTool) return refused(`The tool ${tool} is not allowed.`);
  const args = parsed(argumentsJson);
  if (args === undefined) return refused('The arguments are not a JSON object.');
  host.meter.beginToolCall();
  const result = state.variables.addText('result', await host.callTool(tool, args), 'tool', 'untrusted');
  state.seen.add(result);
  return shown(state, `${tool} answered; the answer is in ${result.name}.`, result, [
    { start: 0, end: result.text.length },
  ]);
}

function parsed(text: string): Json | undefined {
  try {
    const value = JSON.parse(text) as Json;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** An observation that quotes parts of a text, as many characters as one may show. */
function shown(
  { task }: RunState,
  summary: string,
  text: TextVariable,
  parts: readonly Pick<Span, 'start' | 'end'>[],
): Performed {
  let room = task.knobs.observationChars;
  const spans: Span[] = [];
  let leftOut = 0;
  for (const { start, end } of parts) {
    const cut = Math.min(end, start + room);
    leftOut += end - cut;
    if (cut <= start) continue;
    room -= cut - start;
    spans.push(text.lines.span(text.name, start, cut));
  }
  const quote = spans.map(({ start, end }) => text.text.slice(start, end)).join('\n');
  return quoting(summary, quote, spans, text, leftOut);
}

function quoting(
  summary: string,
  text: string,
  spans: Span[],
  { origin, trust }: { origin: Origin; trust: TextVariable['trust'] },
  leftOut: number,
): Performed {
  return { observation: { ok: true, summary, quote: { text, origin, trust, spans, leftOut } } };
}

function said(summary: string): Performed {
  return { observation: { ok: true, summary, quote: null } };
}

function refused(summary: string): Performed {
  return { observation: { ok: false, summary, quote: null } };
}
