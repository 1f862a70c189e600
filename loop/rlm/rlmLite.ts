import { direct } from '../predict/direct.ts';
import type { Strategy } from '../predict/strategy.ts';
import { inputWith, rlmTask } from './rlmTask.ts';
import { runController } from './runController.ts';

/** `rlm_lite.v1`: a bounded controller reads the long field through variables; the answer is made from what it found. */
export const rlmLite: Strategy = async run => {
  const { signature, params, input, meter, onProgress, onRlmRun } = run;
  const task = rlmTask(signature, params, input);
  const done = await runController(task, {
    meter,
    // The signature's own prompt composes the answer, so a better artifact makes both strategies better.
    compose: async text => await direct({ ...run, input: inputWith(task, text) }),
    ...(onProgress ? { onProgress } : {}),
  });
  onRlmRun(done);
  if (done.end.ok) return done.end.output;
  throw done.end.error;
};
