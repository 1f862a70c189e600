import type { NightResult } from '../loop/contract/opsRun.ts';

/** The last line of a night's output, for agents and scripts. */
export function nightLine(result: NightResult): string {
  return `OVERNIGHT_RESULT ${JSON.stringify(result)}\n`;
}

/** The result of a night that the server could not be asked about: never good news, always with the reason. */
export function failedNight(facts: {
  runId: string;
  signatureId: string;
  url: string;
  reason: string;
}): NightResult {
  const { runId, signatureId, url, reason } = facts;
  return { runId, verdict: 'failed', reason, signatureId, holdout: null, compile: null, canary: null, url };
}
