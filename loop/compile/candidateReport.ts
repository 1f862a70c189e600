import type { CandidateReport, Score } from '../contract/compile.ts';
import { wilsonInterval } from '../stats/intervals.ts';
import { type Candidate, shownRows } from './candidate.ts';
import { type LabelledExample, meanScore, type Scores } from './labelled.ts';

/** A finished search, as its report tells it. */
export interface Told {
  readonly control: Candidate;
  readonly winner: Candidate;
  readonly train: readonly LabelledExample[];
  readonly dev: readonly LabelledExample[];
  /** Dev scores of the finalists by `compiledId`. */
  readonly onDev: ReadonlyMap<string, Scores>;
}

/** One candidate with its scores, and why it was chosen or not. */
export function candidateReport(candidate: Candidate, told: Told): CandidateReport {
  const { control, winner, train, dev, onDev } = told;
  const devScores = onDev.get(candidate.compiledId);
  const hidden = shownRows(candidate.artifact);
  const judged = train.filter(({ exampleId }) => !hidden.has(exampleId));
  const answered = judged.filter(({ exampleId }) => candidate.train.has(exampleId));
  // A race asks first what the champion got wrong: the mean of some rows would say nothing.
  const isThrough = answered.length === judged.length;
  return {
    compiledId: candidate.compiledId,
    origin: candidate.origin,
    train: isThrough && answered.length > 0 ? scoreOf(candidate.train, answered) : null,
    dev: devScores ? scoreOf(devScores, dev) : null,
    errors: [...candidate.train.values(), ...(devScores?.values() ?? [])].filter(
      item => item.errorCode !== null,
    ).length,
    fewShots: candidate.artifact.params.fewShots.map(shot => shot.exampleId),
    instruction: candidate.artifact.params.instruction,
    verdict: candidate === winner ? 'winner' : candidate === control ? 'control' : 'rejected',
    why: whyOf(candidate, told, answered),
  };
}

/** Mean and Wilson 95 % interval. */
function scoreOf(scores: Scores, rows: readonly LabelledExample[]): Score {
  const n = rows.length;
  const mean = meanScore(scores, rows, new Set()) ?? 0;
  const { low, high } = wilsonInterval({ successes: Math.round(mean * n), n });
  return { n, mean, low, high };
}

function whyOf(
  candidate: Candidate,
  { control, winner, dev, onDev }: Told,
  answered: readonly LabelledExample[],
): string {
  const percent = (scores: Scores, rows: readonly LabelledExample[]) =>
    `${((meanScore(scores, rows, new Set()) ?? 0) * 100).toFixed(1)} %`;
  const isControl = candidate === control;
  if (candidate === winner)
    return isControl
      ? 'Today’s artifact: nothing scored higher on dev.'
      : 'Highest score on dev among the finalists.';
  const [own, best] = [onDev.get(candidate.compiledId), onDev.get(winner.compiledId)];
  if (own && best)
    return `On dev ${percent(own, dev)}, the winner ${percent(best, dev)}${isControl ? '; today’s artifact.' : '.'}`;
  if (candidate.dropped !== null) return candidate.dropped;
  return answered.length === 0
    ? 'Never run.'
    : `On train ${percent(candidate.train, answered)}: not among the finalists.`;
}
