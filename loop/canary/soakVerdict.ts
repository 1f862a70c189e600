import { logEAboveLimit, logEHarm, type Tally } from './eprocess.ts';
import { shareWords } from './shareWords.ts';
import { type CanaryThresholds, FAILURE_PRIOR, LIMIT_PRIOR, USUAL_THRESHOLDS } from './thresholds.ts';
import { type Evidence, evidenceOf, isShown } from './weigh.ts';

/** Receipts of an artifact, and how many of them failed. */
export interface Answered {
  readonly n: number;
  readonly failures: number;
}

/** What the stored rows say of a freshly promoted artifact. */
export interface SoakFacts {
  /** Its live answers since the promotion. */
  readonly served: Answered;
  /** Live answers that are enough to call it healthy. */
  readonly planned: number;
  /** The control arm of the canary before: what it is compared with. */
  readonly control: Answered;
}

/** Whether a freshly promoted artifact may stay, and all that rests on. */
export interface SoakVerdict {
  readonly verdict: 'healthy' | 'harm' | 'watching';
  readonly reason: string;
  readonly evidence: {
    readonly rule: 'soak_verdict.v1';
    readonly failureLimit: Evidence;
    readonly harm: Evidence;
    readonly planned: number;
    readonly thresholds: Pick<CanaryThresholds, 'failureLimit' | 'alphaLimit' | 'alphaHarm'>;
  };
}

/**
 * Judges live traffic after a promotion, after every receipt: `harm` when it breaks the canary's absolute limit on failures, or fails
 * more often than the control arm did; `healthy` once the planned answers are in without harm; else `watching`. One failure alone
 * is no harm. Right and wrong cannot be judged here: live messages have no known answer.
 */
export function soakVerdict({ served, planned, control }: SoakFacts): SoakVerdict {
  const { failureLimit: limit, alphaLimit, alphaHarm } = USUAL_THRESHOLDS;
  const canary = tallyOf(served);
  const evidence = {
    rule: 'soak_verdict.v1',
    failureLimit: evidenceOf(logEAboveLimit({ tally: canary, limit, prior: LIMIT_PRIOR }), alphaLimit),
    harm: evidenceOf(logEHarm({ control: tallyOf(control), canary, prior: FAILURE_PRIOR }), alphaHarm),
    planned,
    thresholds: { failureLimit: limit, alphaLimit, alphaHarm },
  } as const;
  const counts = `${shareWords(served.failures, served.n)} answers failed`;
  if (served.failures > 1 && isShown(evidence.failureLimit))
    return {
      verdict: 'harm',
      reason: `After the promotion ${counts}: more than the limit allows.`,
      evidence,
    };
  if (served.failures > 1 && isShown(evidence.harm))
    return {
      verdict: 'harm',
      reason: `After the promotion ${counts}, before it ${shareWords(control.failures, control.n)}: more than control did.`,
      evidence,
    };
  if (served.n >= planned && served.n > 0)
    return { verdict: 'healthy', reason: `After the promotion ${counts}: within the limit.`, evidence };
  return {
    verdict: 'watching',
    reason: `After the promotion ${served.n} of ${planned} planned answers have come; ${served.failures} failed.`,
    evidence,
  };
}

function tallyOf({ n, failures }: Answered): Tally {
  return { bad: failures, good: n - failures };
}
