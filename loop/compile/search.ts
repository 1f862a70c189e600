import type { CandidateReport, Score } from '../contract/compile.ts';
import type { Artifact } from '../contract/params.ts';
import type { Signature } from '../signature.ts';
import { compiledIdOf, defaultArtifact } from '../signature.ts';
import { wilsonInterval } from '../stats/intervals.ts';
import { type Candidate, type Proposal, shownRows, variant } from './candidate.ts';
import { additions, coverageSeeds, trainMap } from './fewshotGreedy.ts';
import type { JobSpec } from './jobSpec.ts';
import { type LabelledExample, meanScore, type Scores } from './labelled.ts';

export interface SearchInput {
  readonly signature: Signature;
  readonly spec: JobSpec;
  readonly control: Artifact;
  /** The search is never handed another split: the holdout is out of its reach. */
  readonly train: readonly LabelledExample[];
  readonly dev: readonly LabelledExample[];
  /** Scores a candidate on rows. Deterministic for the same arguments; answers from the ledger where it can. */
  readonly score: (
    artifact: Artifact,
    rows: readonly LabelledExample[],
    split: 'train' | 'dev',
  ) => Promise<Scores>;
  /** Told after each candidate: how many there are, and the best train score so far. */
  readonly onCandidate: (candidates: number, best: number) => Promise<void>;
}

export interface SearchResult {
  readonly winner: Artifact;
  readonly candidates: readonly CandidateReport[];
  /** Of every candidate, in the same order. */
  readonly artifacts: readonly Artifact[];
}

/**
 * Looks for a better artifact: instructions first (`instruction_grid.v1`), then few-shots (`fewshot_greedy.v1`) on train; dev
 * picks among the finalists, with today's artifact and the defaults always among them. Pure but for `score`, so that a killed
 * search starts again from the top and finds its paid calls in the ledger.
 */
export async function search(input: SearchInput): Promise<SearchResult> {
  const { signature, spec, train, dev } = input;
  const candidates: Candidate[] = [];

  const tryOut = async (proposals: readonly Proposal[]): Promise<Candidate[]> => {
    const tried: Candidate[] = [];
    for (const proposal of proposals) {
      const known = candidates.find(candidate => candidate.compiledId === proposal.compiledId);
      const candidate = known ?? { ...proposal, train: await input.score(proposal.artifact, train, 'train') };
      if (!known) {
        candidates.push(candidate);
        await input.onCandidate(candidates.length, Math.max(...candidates.map(c => ownScore(c, train).mean)));
      }
      tried.push(candidate);
    }
    return tried;
  };

  const base = defaultArtifact(signature, spec.models);
  const [control] = await tryOut([
    { artifact: input.control, compiledId: compiledIdOf(input.control), origin: 'control' },
  ]);
  const grid = await tryOut([
    { artifact: base, compiledId: compiledIdOf(base), origin: 'defaults' },
    ...spec.instructions.map((instruction, i) =>
      variant(signature, base, { instruction }, `instruction_grid.v1: instruction ${i + 2}`),
    ),
  ]);
  const instructed = bestOf(grid, train);

  const map = trainMap(signature, train);
  const seeds = await tryOut(coverageSeeds(signature, map, instructed, spec.maxFewShots));
  let current = bestOf([instructed, ...seeds], train);
  for (let round = 1; round <= spec.rounds; round++) {
    const proposals = additions(signature, map, current, {
      round,
      proposals: spec.proposalsPerRound,
      limit: spec.maxFewShots,
    });
    if (proposals.length === 0) break;
    const next = bestOf([current, ...(await tryOut(proposals))], train);
    if (next === current) break;
    current = next;
  }

  const finalists = unique([control, grid[0], ...ranked(candidates, train).slice(0, spec.finalists)]);
  const onDev = new Map<string, Scores>();
  for (const finalist of finalists)
    onDev.set(finalist.compiledId, await input.score(finalist.artifact, dev, 'dev'));
  const devMean = (candidate: Candidate) => {
    const scores = onDev.get(candidate.compiledId);
    return scores ? (meanScore(scores, dev, new Set()) ?? 0) : Number.NEGATIVE_INFINITY;
  };
  // Earlier wins a tie, and control comes first: to be chosen a candidate must be better, not as good.
  const winner = finalists.reduce((best, candidate) =>
    devMean(candidate) > devMean(best) ? candidate : best,
  );

  return {
    winner: winner.artifact,
    artifacts: candidates.map(candidate => candidate.artifact),
    candidates: candidates.map(candidate => {
      const devScores = onDev.get(candidate.compiledId);
      const isControl = candidate === control;
      return {
        compiledId: candidate.compiledId,
        origin: candidate.origin,
        train: ownScore(candidate, train),
        dev: devScores ? scoreOf(devScores, dev, new Set()) : null,
        errors: [...candidate.train.values(), ...(devScores?.values() ?? [])].filter(
          item => item.errorCode !== null,
        ).length,
        fewShots: candidate.artifact.params.fewShots.map(shot => shot.exampleId),
        instruction: candidate.artifact.params.instruction,
        verdict: candidate === winner ? 'winner' : isControl ? 'control' : 'rejected',
        why: whyOf(candidate, winner, isControl, devScores ? devMean : null, train),
      };
    }),
  };
}

/** The best on train, judged on rows that none of them shows; the first wins a tie. */
function bestOf(candidates: readonly Candidate[], train: readonly LabelledExample[]): Candidate {
  const hidden = shownRows(...candidates.map(candidate => candidate.artifact));
  const mean = (candidate: Candidate) => meanScore(candidate.train, train, hidden) ?? 0;
  return candidates.reduce((best, candidate) => (mean(candidate) > mean(best) ? candidate : best));
}

function ranked(candidates: readonly Candidate[], train: readonly LabelledExample[]): Candidate[] {
  return [...candidates].sort((a, b) => ownScore(b, train).mean - ownScore(a, train).mean);
}

function unique(candidates: readonly (Candidate | undefined)[]): Candidate[] {
  return [...new Set(candidates)].filter(candidate => candidate !== undefined);
}

function ownScore(candidate: Candidate, train: readonly LabelledExample[]): Score {
  return scoreOf(candidate.train, train, shownRows(candidate.artifact));
}

/** Mean and Wilson 95 % interval over the rows that are not left out. */
export function scoreOf(
  scores: Scores,
  rows: readonly LabelledExample[],
  leaveOut: ReadonlySet<string>,
): Score {
  const n = rows.filter(row => !leaveOut.has(row.exampleId)).length;
  const mean = meanScore(scores, rows, leaveOut) ?? 0;
  const interval = wilsonInterval({ successes: Math.round(mean * n), n });
  return { n, mean, low: interval.low, high: interval.high };
}

function whyOf(
  candidate: Candidate,
  winner: Candidate,
  isControl: boolean,
  devMean: ((candidate: Candidate) => number) | null,
  train: readonly LabelledExample[],
): string {
  const percent = (share: number) => `${(share * 100).toFixed(1)} %`;
  if (candidate === winner)
    return isControl
      ? 'Today’s artifact: nothing scored higher on dev.'
      : 'Highest score on dev among the finalists.';
  if (devMean)
    return `On dev ${percent(devMean(candidate))}, the winner ${percent(devMean(winner))}${isControl ? '; today’s artifact.' : '.'}`;
  return `On train ${percent(ownScore(candidate, train).mean)}: not among the finalists.`;
}
