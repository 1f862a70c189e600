import {
  type CanaryVerdictCode,
  doubtsIn,
  type Finding,
  gapsIn,
  harmsIn,
  passIn,
  waitsIn,
} from './findings.ts';
import { type CanaryVerdictInput, checkedFacts } from './verdictInput.ts';
import { type Weighed, weigh } from './weigh.ts';

/** The verdict and all it rests on. `code` is that of the first reason. */
export interface CanaryVerdict {
  readonly verdict: 'pass' | 'fail' | 'hold';
  readonly code: CanaryVerdictCode;
  /** In words, the weightiest first. */
  readonly reasons: readonly string[];
  /** Whether the running step has what it asked for, and the ramp may go on. Never at the last step: that one passes or not. */
  readonly stepDone: boolean;
  readonly evidence: Weighed;
}

/**
 * The canary's verdict from stored counts: a pure function, to be asked after every receipt.
 *
 * `fail`: an e-process shows that the canary fails or errs more often than control, or that it breaks the limit on failures.
 * `pass`, at the last step of the ramp only: both streams exclude "worse by the margin", all planned traffic has come, with enough
 * outcomes, the planned split, every unit on its arm, every arm attested, and no latency blow-up. `hold`: anything else, also after
 * `endsAt`; a time-out never ships.
 *
 * A fail outranks doubts about the measurement: stopping is the safe act. `thresholds.ts` has the error rates and how often a sound
 * canary passes; `eprocess.ts` has the method and its sources.
 *
 * @throws RangeError on counts that cannot be.
 */
export function canaryVerdict(input: CanaryVerdictInput): CanaryVerdict {
  const facts = checkedFacts(input);
  const evidence = weigh(facts);
  const late = evidence.timedOut ? ["The canary's time is up; it ends without shipping."] : [];
  const harms = harmsIn(facts, evidence);
  const doubts = doubtsIn(facts, evidence);
  if (harms.length > 0) return told('fail', [...harms, ...doubts], evidence);
  if (!facts.isLastStep) {
    const waits = [...doubts, ...waitsIn(facts)];
    if (waits.length > 0) return told('hold', waits, evidence, late);
    return { ...told('hold', [stepDoneIn(facts)], evidence, late), stepDone: !evidence.timedOut };
  }
  const holds = [...doubts, ...gapsIn(facts, evidence)];
  if (holds.length > 0) return told('hold', holds, evidence, late);
  return told('pass', [passIn(facts)], evidence);
}

function stepDoneIn({ step, ramp, running, counts }: ReturnType<typeof checkedFacts>): Finding {
  return {
    code: 'ramping',
    reason: `Step ${step + 1} of ${ramp.length}, ${running.percent} % of users, is done: no harm in ${counts.canary.n} canary messages.`,
  };
}

function told(
  verdict: CanaryVerdict['verdict'],
  findings: readonly Finding[],
  evidence: Weighed,
  more: readonly string[] = [],
): CanaryVerdict {
  const [first] = findings as [Finding, ...Finding[]];
  const reasons = [...findings.map(finding => finding.reason), ...more];
  return { verdict, code: first.code, reasons, stepDone: false, evidence };
}
