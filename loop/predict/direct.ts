import type { ChatMessage } from '../lm/message.ts';
import { decode } from './decode.ts';
import { PredictFailure } from './predictFailure.ts';
import { render } from './render.ts';
import type { Strategy } from './strategy.ts';

/** Enough of a bad answer for the model to see what it did. */
const SHOWN_OF_A_BAD_ANSWER = 2_000;

/** `direct.v1`: one prompt, one answer, and as many repair turns as the artifact allows. */
export const direct: Strategy = async ({ signature, params, input, meter, onDelta, onPrompt }) => {
  const prompt = render(signature, params, input);
  onPrompt(prompt);
  let messages: readonly ChatMessage[] = prompt.messages;
  for (let repairs = 0; ; repairs++) {
    const text = await meter.ask({
      role: repairs === 0 ? 'main' : 'repair',
      messages,
      outputSchema: prompt.outputSchema,
      onDelta: repairs === 0 ? onDelta : undefined,
    });
    const decoded = decode(signature, params.decode.policy, text);
    if (decoded.ok) return decoded.output;
    if (repairs >= params.decode.maxRepairs) throw new PredictFailure('decode_failed', decoded.problem);
    messages = [
      ...prompt.messages,
      { role: 'assistant', content: text.slice(0, SHOWN_OF_A_BAD_ANSWER) },
      {
        role: 'user',
        content: `That cannot be used: ${decoded.problem}. Answer again, with the JSON object only.`,
      },
    ];
  }
};
