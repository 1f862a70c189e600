import type { GateGlance } from '../../../loop/contract/compile.ts';
import type { NightResult, NightVerdict } from '../../../loop/contract/opsRun.ts';
import { percent, points, pointsWords } from './figures.ts';
import { signatureTitle } from './links.ts';

/** What is known of a night when its one sentence is made. */
export interface NightOutcome {
  readonly verdict: NightVerdict | null;
  readonly reason: string | null;
  readonly signatureId: string | null;
  /** Phase that runs now; null when the run is over or none has begun. */
  readonly phase: string | null;
  readonly running: boolean;
  readonly gate: GateGlance | null;
  /** The figures without an interval, where the report cannot be read. */
  readonly holdout: NightResult['holdout'];
}

/** The words of each verdict, for marks and headings. */
export const verdictWords: Record<NightVerdict | 'running' | 'unknown', string> = {
  promoted: 'Promoted',
  kept: 'Kept',
  stopped: 'Stopped',
  rolled_back: 'Rolled back',
  failed: 'Failed',
  running: 'Running',
  unknown: 'Ended without a verdict',
};

/** What happened in one sentence that needs no knowledge of the system. */
export function verdictSentence(night: NightOutcome): string {
  const step = night.signatureId === null ? 'The run' : signatureTitle(night.signatureId);
  if (night.running)
    return night.phase === null
      ? 'Running: just started.'
      : `Running: the ${night.phase} phase is under way.`;
  switch (night.verdict) {
    case 'promoted':
      return `Promoted: ${gainClause(step, night) ?? `${step} has a better prompt.`}`;
    case 'kept':
      return `Kept: ${step} stays as it was. ${keptClause(night)}`.trim();
    case 'stopped':
      return `Stopped: the new prompt of ${step} was not shipped. ${sentence(night.reason)}`.trim();
    case 'rolled_back':
      return `Rolled back: ${step} is as it was before. ${sentence(night.reason)}`.trim();
    case 'failed':
      return `Failed: ${sentence(night.reason) || 'no reason was recorded.'}`;
    default:
      return 'Ended without a verdict.';
  }
}

/** `78 of 100` when every example was plainly right or wrong, else the mean score, `78.3 %`. */
export function rightOf(share: number, n: number): string {
  const right = share * n;
  return isCount(right) ? `${Math.round(right)} of ${n}` : percent(share);
}

/** `+14 points, 95 % interval +8 to +20`. */
export function gainFigures({ gain, interval }: Pick<GateGlance, 'gain' | 'interval'>): string {
  return `${pointsWords(gain)}, 95\u00a0% interval ${points(interval.low)} to ${points(interval.high)}`;
}

function gainClause(step: string, { gate, holdout }: NightOutcome): string | null {
  const figures = gate ?? holdout;
  if (figures === null) return null;
  const { n, before, after } = figures;
  const gain = gate === null ? pointsWords(after - before) : gainFigures(gate);
  const graded = !isCount(before * n) || !isCount(after * n);
  return graded
    ? `${step} now scores ${percent(after)} on ${n} holdout examples, was ${percent(before)} (${gain}).`
    : `${step} now answers ${rightOf(after, n)} holdout examples right, was ${Math.round(before * n)} (${gain}).`;
}

/** Why nothing replaced today's prompt: from the gate's figures where it decided, else the recorded reason. */
function keptClause({ gate, reason }: NightOutcome): string {
  if (gate === null || gate.passed) return sentence(reason);
  switch (gate.code) {
    case 'not_significant':
      return `The best new prompt measured ${gainFigures(gate)}, which could be chance.`;
    case 'worse':
      return `The best new prompt was worse: ${gainFigures(gate)}.`;
    case 'tie':
      return `The best new prompt did as well on ${gate.n} holdout examples, which proves nothing.`;
    default:
      return sentence(gate.reason);
  }
}

/** Means are sums of 0 and 1 divided by n, so a count comes back up to rounding. */
function isCount(value: number): boolean {
  return Math.abs(value - Math.round(value)) < 1e-6;
}

function sentence(reason: string | null): string {
  if (!reason) return '';
  const text = reason.charAt(0).toUpperCase() + reason.slice(1);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
