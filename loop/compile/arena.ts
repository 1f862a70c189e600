import type { Artifact } from '../contract/params.ts';
import type { Signature } from '../signature.ts';
import { seededRandom, shuffle } from '../stats/random.ts';
import { type Candidate, type Proposal, shownRows } from './candidate.ts';
import type { LabelledExample, Scores } from './labelled.ts';
import { gotNoAnswer } from './noAnswer.ts';
import type { Purse } from './purse.ts';
import { beaten, looksOf, openFirst, pairsOf } from './racing.ts';

/** An artifact, and the rows that it is to answer. */
export interface Asked {
  readonly artifact: Artifact;
  readonly rows: readonly LabelledExample[];
}

/** Scores artifacts on rows, all at once; the answers are in the order of what was asked. Answers come from the ledger where they can. */
export type ScoreRows = (asked: readonly Asked[], split: 'train' | 'dev') => Promise<readonly Scores[]>;

export interface ArenaOptions {
  readonly signature: Signature;
  readonly train: readonly LabelledExample[];
  /** Decides the order of the rows, nothing else. */
  readonly seed: string;
  readonly score: ScoreRows;
  readonly purse: Purse;
  /** False runs every candidate on every row: only to measure what racing saves and what it costs. */
  readonly racing?: boolean;
  /** Told after each candidate that was entered: how many there are, and the best train score so far. */
  readonly onCandidate: (candidates: number, best: number) => Promise<void>;
}

/** Where candidates meet on train rows. Holds every one that was ever tried, and all their scores. */
export class Arena {
  readonly signature: Signature;
  readonly candidates: Candidate[] = [];
  /** Train rows in the order in which all candidates answer them, without those set aside. */
  rows: readonly LabelledExample[];
  /** The limit that ended the search, in words; null while there is none. */
  spent: string | null = null;
  readonly #options: ArenaOptions;

  constructor(options: ArenaOptions) {
    this.#options = options;
    this.signature = options.signature;
    this.rows = shuffle(options.train, seededRandom(`${options.seed} rows`));
  }

  /**
   * Enters today's artifact, which answers everything before anybody else. Rows to which it got no answer at all are set aside: they
   * say nothing of a prompt, and would cost each candidate the time that they cost this one.
   */
  async enterControl(proposal: Proposal): Promise<Candidate> {
    const control = this.#enter(proposal);
    await this.#ask([control], this.rows);
    this.rows = this.rows.filter(row => {
      const item = control.train.get(row.exampleId);
      return !item || !gotNoAnswer(item);
    });
    await this.#tell();
    return control;
  }

  /** Runs a candidate through all rows. Without the means for it, it is dropped. */
  async complete(proposal: Proposal): Promise<Candidate> {
    const candidate = this.#enter(proposal);
    const limit = this.#limitFor([candidate], this.rows);
    if (limit === null) await this.#ask([candidate], this.rows);
    else candidate.dropped = this.#halvedOut(limit);
    await this.#tell();
    return candidate;
  }

  /**
   * Lets candidates run against the champion and answers the best: the champion, unless another scored higher on the rows that neither
   * shows. They answer first what the champion got wrong, and those that are beaten early do not run on. When the means do not reach for
   * all, the better half runs on at each look.
   */
  async race(
    champion: Candidate,
    proposals: readonly Proposal[],
    on: readonly LabelledExample[] = this.rows,
  ): Promise<Candidate> {
    const over = openFirst(on, champion);
    const entered = [...new Set(proposals.map(proposal => this.#enter(proposal)))];
    // What beat a candidate once still stands: it does not run again.
    let running = entered.filter(candidate => candidate !== champion && candidate.dropped === null);
    const looks = looksOf(over.length);
    for (const look of looks) {
      const rows = over.slice(0, look);
      running = this.#affordable(champion, running, rows, over);
      await this.#ask([champion, ...running], rows);
      if (this.#options.racing === false) continue;
      running = running.filter(candidate => {
        const why = beaten(pairsOf(candidate, champion, over), looks.length);
        if (why !== null) candidate.dropped = `Dropped after ${look} of ${over.length} train rows: ${why}.`;
        return why === null;
      });
      if (running.length === 0) break;
    }
    await this.#tell();
    return best([champion, ...running], over);
  }

  /** A candidate's mean score on the rows that it answered and does not show; null before there are any. */
  mean(candidate: Candidate): number | null {
    const hidden = shownRows(candidate.artifact);
    const scores = this.rows.flatMap(({ exampleId }) => {
      const item = candidate.train.get(exampleId);
      return item && !hidden.has(exampleId) ? [item.score] : [];
    });
    return scores.length === 0 ? null : scores.reduce((sum, score) => sum + score, 0) / scores.length;
  }

  /** Candidates that answered every row, the best first; earlier ones win ties. */
  ranked(): Candidate[] {
    const through = this.candidates.filter(candidate => !this.#missing(candidate, this.rows).length);
    return through.sort((a, b) => (this.mean(b) ?? 0) - (this.mean(a) ?? 0));
  }

  #enter(proposal: Proposal): Candidate {
    const known = this.candidates.find(candidate => candidate.compiledId === proposal.compiledId);
    if (known) return known;
    const candidate: Candidate = { ...proposal, train: new Map(), dropped: null };
    this.candidates.push(candidate);
    return candidate;
  }

  /** Of those running, as many of the best as the means allow: to the next look all of them, and one to the end. */
  #affordable(
    champion: Candidate,
    running: readonly Candidate[],
    rows: readonly LabelledExample[],
    over: readonly LabelledExample[],
  ): Candidate[] {
    const limit = this.#limitFor(running, over);
    if (limit === null) return [...running];
    const through = running.filter(candidate => this.#missing(candidate, over).length === 0);
    const lead = (candidate: Candidate) => {
      const { n, sum } = pairsOf(candidate, champion, over);
      return n === 0 ? 0 : sum / n;
    };
    const order = running.filter(candidate => !through.includes(candidate)).sort((a, b) => lead(b) - lead(a));
    let keep = order.length;
    if (order.some(candidate => candidate.train.size > 0)) keep = Math.ceil(keep / 2);
    const fits = () => {
      const [first, ...others] = order.slice(0, keep);
      const toEnd = first ? this.#missing(first, over).length : 0;
      return this.#options.purse.limitFor(toEnd + this.#cost(others, rows)) === null;
    };
    while (keep > 0 && !fits()) keep--;
    for (const candidate of order.slice(keep)) candidate.dropped = this.#halvedOut(limit);
    return [...through, ...order.slice(0, keep)];
  }

  #halvedOut(limit: string): string {
    this.spent ??= limit;
    return `Halved out: the limit of ${limit} did not reach for it.`;
  }

  /** Which limit is in the way of candidates answering rows, in words, or null. */
  #limitFor(candidates: readonly Candidate[], rows: readonly LabelledExample[]): string | null {
    return this.#options.purse.limitFor(this.#cost(candidates, rows));
  }

  #cost(candidates: readonly Candidate[], rows: readonly LabelledExample[]): number {
    return candidates.reduce((sum, candidate) => sum + this.#missing(candidate, rows).length, 0);
  }

  /** Rows that a candidate has yet to answer; those it shows are never asked. */
  #missing(candidate: Candidate, rows: readonly LabelledExample[]): LabelledExample[] {
    const shown = shownRows(candidate.artifact);
    return rows.filter(({ exampleId }) => !candidate.train.has(exampleId) && !shown.has(exampleId));
  }

  async #ask(candidates: readonly Candidate[], rows: readonly LabelledExample[]): Promise<void> {
    const open = candidates
      .map(candidate => ({ candidate, rows: this.#missing(candidate, rows) }))
      .filter(({ rows: missing }) => missing.length > 0);
    if (open.length === 0) return;
    const asked = open.map(({ candidate, rows: missing }) => ({
      artifact: candidate.artifact,
      rows: missing,
    }));
    const answers = await this.#options.score(asked, 'train');
    open.forEach(({ candidate, rows: missing }, i) => {
      for (const { exampleId } of missing) {
        const item = answers[i]?.get(exampleId);
        if (!item) throw new Error(`example ${exampleId} was not scored`);
        candidate.train.set(exampleId, item);
        this.#options.purse.pay(item);
      }
    });
  }

  #tell(): Promise<void> {
    const [first] = this.ranked();
    return this.#options.onCandidate(this.candidates.length, (first && this.mean(first)) ?? 0);
  }
}

/** The first that no other beats on the rows which both answered and neither shows. */
function best(candidates: readonly Candidate[], rows: readonly LabelledExample[]): Candidate {
  return candidates.reduce((leader, candidate) =>
    pairsOf(candidate, leader, rows).sum > 0 ? candidate : leader,
  );
}
