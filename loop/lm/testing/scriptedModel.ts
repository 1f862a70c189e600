import type { LmClient, LmRequest } from '../lmClient.ts';

/** A model that says what `answer` makes of each request, and fails where that throws. It keeps what it was asked. */
export function scriptedModel(answer: (request: LmRequest) => string): LmClient & { asked: LmRequest[] } {
  const asked: LmRequest[] = [];
  return {
    provider: 'scripted',
    asked,
    async complete(request) {
      asked.push(request);
      const text = answer(request);
      const usage = { inputTokens: 1, outputTokens: 1, mark: 'exact' as const };
      return { text, model: request.model, fallbackUsed: false, attempts: 1, usage };
    },
  };
}
