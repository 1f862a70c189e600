import type { RunState } from './runState.ts';
import type { TextVariable } from './variables.ts';

/** Whether a text can be the answer as it is: notes can, where the signature says so; the input itself is no answer. */
export function canBeAnswer({ task }: RunState, text: TextVariable): boolean {
  return text.origin !== 'input' && task.longContext.verbatim(text.text) !== null;
}

/**
 * What a careful reader would do now, in words. It follows from sizes and from what was done, never from what a text says,
 * and is advice: the controller may know better.
 */
export function nextStep(state: RunState): string {
  const { focus, task, variables, meter } = state;
  const isNotes = focus.origin === 'sub';
  const isAnswer = canBeAnswer(state, focus);
  const finish = isAnswer
    ? `Finish verbatim: ${focus.name} is short enough to be the answer as it is.`
    : `Finish and compose: the answer is made from ${focus.name}.`;
  if (meter.used.rlmIterations >= task.budgets.maxRlmIterations) return `The last turn. ${finish}`;
  if (!isNotes && !state.seen.has(focus)) return `Look at how ${focus.name} begins, which nobody has seen.`;
  if (isAnswer || focus.text.length <= task.knobs.chunkChars || !state.canShrink) return finish;
  const chunks = variables.chunkLists().find(list => list.of === focus);
  if (!chunks) return `Cut ${focus.name} into chunks: it is too long to be read at once.`;
  return `Ask the question of every chunk in ${chunks.name}, and gather notes.`;
}
