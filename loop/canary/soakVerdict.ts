import { logEAboveLimit } from './eprocess.ts';
import { LIMIT_PRIOR, USUAL_THRESHOLDS } from './thresholds.ts';

/** Whether a freshly promoted artifact may stay. */
export interface SoakVerdict {
  readonly healthy: boolean;
  readonly reason: string;
  readonly n: number;
  readonly failures: number;
}

/**
 * Judges live traffic after a promotion by the same absolute limit on failures that stops a canary. Without any traffic the
 * artifact is not healthy: no data is not safe.
 */
export function soakVerdict({ n, failures }: { n: number; failures: number }): SoakVerdict {
  const { failureLimit, alphaLimit } = USUAL_THRESHOLDS;
  const counts = `${failures} of ${n} answers failed`;
  if (n === 0) return { healthy: false, reason: 'No answer of the new artifact was seen.', n, failures };
  const logE = logEAboveLimit({
    tally: { bad: failures, good: n - failures },
    limit: failureLimit,
    prior: LIMIT_PRIOR,
  });
  const healthy = logE < Math.log(1 / alphaLimit);
  return {
    healthy,
    reason: healthy
      ? `After the promotion ${counts}: within the limit.`
      : `After the promotion ${counts}: more than the limit allows.`,
    n,
    failures,
  };
}
