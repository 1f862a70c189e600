import type { CandidateReport, SetAside } from '../contract/compile.ts';
import type { Artifact } from '../contract/params.ts';
import type { Signature } from '../signature.ts';
import { defaultArtifact } from '../signature.ts';
import { Arena, type ArenaOptions, type ScoreRows } from './arena.ts';
import { type Candidate, proposal } from './candidate.ts';
import { candidateReport } from './candidateReport.ts';
import type { JobSpec } from './jobSpec.ts';
import { type LabelledExample, meanScore, type Scores } from './labelled.ts';
import { gotNoAnswer } from './noAnswer.ts';
import { optimizers } from './optimizers.ts';
import { Purse, rowsKept } from './purse.ts';
import type { Propose } from './reflective.ts';

export interface SearchInput {
  readonly signature: Signature;
  readonly spec: JobSpec;
  readonly control: Artifact;
  /** The search is never handed another split: the holdout is out of its reach. */
  readonly train: readonly LabelledExample[];
  readonly dev: readonly LabelledExample[];
  /** How many rows the sealed holdout has: the gate must be able to pay for them twice. */
  readonly holdoutRows: number;
  readonly score: ScoreRows;
  readonly propose: Propose;
  readonly racing?: ArenaOptions['racing'];
  readonly onCandidate: ArenaOptions['onCandidate'];
}

export interface SearchResult {
  readonly winner: Artifact;
  readonly candidates: readonly CandidateReport[];
  /** Of every candidate, in the same order. */
  readonly artifacts: readonly Artifact[];
  /** Rows that no candidate was judged on, as today's artifact got no answer to them. */
  readonly setAside: readonly SetAside[];
  /** Why the search ended. */
  readonly stopReason: string;
}

/**
 * Looks for a better artifact: the spec's optimizers search on train, dev picks among the finalists, with today's artifact and the
 * defaults always among them. Pure but for `score` and `propose`, and all that it decides follows from their answers and not from the
 * order in which these came: a killed search starts again from the top and finds its paid calls in the ledger.
 */
export async function search(input: SearchInput): Promise<SearchResult> {
  const { signature, spec, train, score } = input;
  const purse = new Purse(spec.limits, rowsKept(spec.finalists, input.dev.length, input.holdoutRows));
  const arena = new Arena({ ...input, seed: spec.seed, purse });

  const control = await arena.enterControl(proposal(input.control, 'control'));
  const base = await arena.complete(proposal(defaultArtifact(signature, spec.models), 'defaults'));
  let best = base.dropped === null ? base : control;
  for (const name of spec.optimizers) best = await optimizers[name](arena, best, spec, input.propose);

  const finalists = [...new Set([control, base, ...arena.ranked().slice(0, spec.finalists)])].filter(
    candidate => candidate.dropped === null,
  );
  const { dev, onDev } = await answersOnDev(score, input.dev, control, finalists);
  const devMean = ({ compiledId }: Candidate) =>
    meanScore(onDev.get(compiledId) ?? new Map(), dev, new Set()) ?? 0;
  // Earlier wins a tie, and control comes first: to be chosen a candidate must be better, not as good.
  const winner = finalists.reduce((first, candidate) =>
    devMean(candidate) > devMean(first) ? candidate : first,
  );
  const told = { control, winner, train: arena.rows, dev, onDev };
  return {
    winner: winner.artifact,
    artifacts: arena.candidates.map(candidate => candidate.artifact),
    candidates: arena.candidates.map(candidate => candidateReport(candidate, told)),
    setAside: [
      ...unanswered(control.train, train, 'train'),
      ...unanswered(onDev.get(control.compiledId) ?? new Map(), input.dev, 'dev'),
    ],
    stopReason:
      arena.spent === null
        ? 'The search is complete.'
        : `The search ended at its limit of ${arena.spent}, with the best it had found.`,
  };
}

/** Dev scores of the finalists; control goes first, and rows to which it got no answer are left out for all. */
async function answersOnDev(
  score: ScoreRows,
  all: readonly LabelledExample[],
  control: Candidate,
  finalists: readonly Candidate[],
): Promise<{ dev: LabelledExample[]; onDev: Map<string, Scores> }> {
  const [first = new Map()] = await score([{ artifact: control.artifact, rows: all }], 'dev');
  const dev = all.filter(({ exampleId }) => {
    const item = first.get(exampleId);
    return item && !gotNoAnswer(item);
  });
  const others = finalists.filter(candidate => candidate !== control);
  const answers = await score(
    others.map(({ artifact }) => ({ artifact, rows: dev })),
    'dev',
  );
  const onDev = new Map<string, Scores>([[control.compiledId, first]]);
  others.forEach(({ compiledId }, i) => {
    const scores = answers[i];
    if (scores) onDev.set(compiledId, scores);
  });
  return { dev, onDev };
}

function unanswered(scores: Scores, rows: readonly LabelledExample[], split: SetAside['split']): SetAside[] {
  return rows.flatMap(({ exampleId }) => {
    const item = scores.get(exampleId);
    return item?.errorCode && gotNoAnswer(item) ? [{ exampleId, split, errorCode: item.errorCode }] : [];
  });
}
