import { bugLine } from '../loop/predict/bugLine.ts';
import type { PredictFacts } from '../loop/predict/predict.ts';

/** Logs what was thrown in a predict that ended as `internal`, under its request id; nothing after any other end. */
export function logBug({ bug }: Pick<PredictFacts, 'bug'>, signatureId: string, requestId: string): void {
  if (bug === null) return;
  const { OA_LM_API_KEY, OA_DSE_ADMIN_SECRET, OA_E2E_BYPASS_SECRET } = process.env;
  const secrets = [OA_LM_API_KEY, OA_DSE_ADMIN_SECRET, OA_E2E_BYPASS_SECRET].filter(one => one !== undefined);
  console.error(bugLine(bug, { signatureId, requestId }, secrets));
}
