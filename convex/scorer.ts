import { AnswerLedger } from '../loop/compile/answerLedger.ts';
import type { Asked } from '../loop/compile/arena.ts';
import { adaptiveConcurrency } from '../loop/compile/concurrency.ts';
import type { AnswerBatch, KeptAnswer } from '../loop/compile/keptAnswers.ts';
import type { ItemScore, LabelledExample, Scores } from '../loop/compile/labelled.ts';
import { gotNoAnswer, NO_ANSWER } from '../loop/compile/noAnswer.ts';
import { pool } from '../loop/compile/pool.ts';
import {
  type Failures,
  proposedWords,
  proposeInstruction,
  proposerArtifact,
  proposerKey,
} from '../loop/compile/proposer.ts';
import type { Limits, Spent } from '../loop/compile/purse.ts';
import { onceMore, Patience } from '../loop/compile/straggler.ts';
import { contentHash } from '../loop/contentHash.ts';
import type { JobProgress } from '../loop/contract/compile.ts';
import type { Artifact } from '../loop/contract/params.ts';
import type { LmClient } from '../loop/lm/lmClient.ts';
import { predict } from '../loop/predict/predict.ts';
import { type ReceiptContext, receiptOf } from '../loop/predict/receiptOf.ts';
import { candidateKeyOf } from '../loop/reward/candidateKey.ts';
import type { Reward } from '../loop/reward/reward.ts';
import { JUDGE_FAILED, type RowScore, scoreRow, spentOn } from '../loop/reward/scoreRow.ts';
import { compiledIdOf, type Models, type Signature } from '../loop/signature.ts';
import { internal } from './_generated/api.js';
import type { ActionCtx } from './_generated/server.js';
import { logBug } from './bugLog.ts';
import { CallBudget } from './callBudget.ts';
import { failure } from './failure.ts';
import { modelClient, sleep } from './model.ts';

// Enough to keep a provider busy, few enough that a kill loses little paid work.
const PARALLEL_CALLS = { start: 16, least: 1, most: 64 };

// Convex ends an action after ten minutes; a step that knows its time hands over instead of being cut.
const STEP_MS = 5 * 60_000;

const BEAT_MS = 1_000;

/** Thrown inside a step to end it early; never an error of the job. */
export class StepOver extends Error {
  override name = 'StepOver' as const;
  readonly why: 'superseded' | 'time';
  constructor(why: 'superseded' | 'time') {
    super(`the step is over: ${why}`);
    this.why = why;
  }
}

export interface ScorerOptions {
  readonly ctx: ActionCtx;
  readonly signature: Signature;
  readonly reward: Reward;
  /** Models of the job; its `judge` grades. */
  readonly models: Models;
  /** A compile job, or an evaluation. */
  readonly job: { readonly jobId: string; readonly generation: number; readonly runId: string | null };
  readonly progress: JobProgress;
  /** Set where only what was paid for on this day counts. */
  readonly day?: string | null;
  /** What the whole job may spend; without it there is no limit. */
  readonly limits?: Limits;
}

/** What scores are for. */
type Purpose = 'search' | 'gate' | 'eval';

/** Scores artifacts on rows: what the ledger knows is free, the rest is asked, and every answer is kept as it comes. */
export class Scorer {
  readonly #options: ScorerOptions;
  progress: JobProgress;
  readonly #deadline = Date.now() + STEP_MS;
  #receipts: string[] = [];
  #bugLogged = false;
  #superseded = false;

  readonly #concurrency = adaptiveConcurrency(PARALLEL_CALLS);
  readonly #patience = new Patience();
  readonly #ledger: AnswerLedger;
  readonly #budget: CallBudget;
  readonly #lm: LmClient;

  constructor(options: ScorerOptions) {
    this.#options = options;
    this.progress = options.progress;
    const { modelCalls, tokens, costUsd } = options.progress;
    this.#budget = new CallBudget({ modelCalls, tokens, costUsd }, options.limits);
    this.#ledger = new AnswerLedger({
      read: candidateKeys =>
        options.ctx.runQuery(internal.ledger.known, { candidateKeys: [...candidateKeys] }),
      write: batches => this.#write(batches),
    });
    this.#lm = modelClient({ fallback: false, onRefusal: () => this.#concurrency.refused() });
  }

  /** Does a step's work: while calls are slow the server is told that it lives, and what was paid for is durable however it ends. */
  async during<T>(work: () => Promise<T>): Promise<T> {
    const beat = setInterval(() => void this.#ledger.writeNow(), BEAT_MS);
    try {
      return await work();
    } finally {
      clearInterval(beat);
      await this.#ledger.settled();
    }
  }

  /** Scores of one artifact on rows. */
  async score(artifact: Artifact, rows: readonly LabelledExample[], purpose: Purpose): Promise<Scores> {
    const [scores = new Map()] = await this.scoreAll([{ artifact, rows }], purpose);
    return scores;
  }

  /**
   * Scores of artifacts on their rows, all at once. All but a search's answers leave receipts, so that they can be looked at one by one.
   * What a search is told may still be on its way into the ledger: a kill makes it ask again.
   */
  async scoreAll(asked: readonly Asked[], purpose: Purpose): Promise<Scores[]> {
    const candidateKeys = asked.map(({ artifact }) => this.#keyOf(artifact));
    const known = await this.#ledger.known(candidateKeys);
    const open: (() => Promise<void>)[] = [];
    const all = asked.map(({ artifact, rows }, i) => {
      const candidateKey = candidateKeys[i] ?? '';
      const scores = new Map<string, ItemScore>();
      for (const row of rows) {
        const { exampleId, contentHash: hash } = row;
        const paid = known[i]?.get(hash);
        if (paid) scores.set(exampleId, { ...paid, exampleId });
        else
          open.push(async () => {
            scores.set(exampleId, await this.#ask(artifact, candidateKey, row, purpose));
          });
      }
      this.progress = { ...this.progress, cachedCalls: this.progress.cachedCalls + scores.size };
      return scores;
    });
    await pool(
      open,
      () => this.#concurrency.width,
      async ask => {
        this.#checkGoing();
        await ask();
      },
    );
    if (purpose === 'search') this.#checkGoing();
    else await this.flush();
    return all;
  }

  /** Puts failed examples to the proposer of `reflective.v1`; null when it has no answer. Kept in the ledger like scores. */
  async propose(failures: Failures): Promise<string | null> {
    const { models } = this.#options;
    const candidateKey = proposerKey(models);
    const hash = contentHash(failures);
    const [known] = await this.#ledger.known([candidateKey]);
    const kept = known?.get(hash);
    if (kept) {
      this.progress = { ...this.progress, cachedCalls: this.progress.cachedCalls + 1 };
      return kept.output === null ? null : proposedWords(kept.output);
    }
    this.#checkGoing();
    const artifact = proposerArtifact(models);
    const { result, spent } = await this.#budget.spend(artifact, false, async () => {
      const facts = await predict({
        signature: proposeInstruction,
        artifact,
        input: failures,
        lm: this.#lm,
        now: Date.now,
      });
      return { result: facts.result, spent: spentOn([facts]) };
    });
    const output = result.ok ? result.output : null;
    const errorCode = result.ok ? null : result.error.code;
    const answer = { contentHash: hash, exampleId: 'proposal', score: 0, errorCode, output, spent };
    this.#keep(candidateKey, { ...answer, receiptId: null, notes: null });
    return output === null ? null : proposedWords(output);
  }

  /**
   * Ends the job when most rows of an artifact got no answer at all, or the judge gave some no grade: then the endpoint is down, and
   * a comparison would say nothing of the artifact. The ledger forgets these rows, so that the job, started again, asks them again.
   */
  async requireAnswers(artifact: Artifact, scores: Scores): Promise<void> {
    const all = [...scores.values()];
    const unanswered = all.filter(gotNoAnswer);
    // An answer without a grade is nobody's failure: counting it as one would favour the other side.
    const ungraded = all.some(score => score.errorCode === JUDGE_FAILED);
    if (unanswered.length * 2 <= scores.size && !ungraded) return;
    const candidateKey = this.#keyOf(artifact);
    await this.flush();
    await this.#options.ctx.runMutation(internal.ledger.forget, { candidateKey, errorCodes: [...NO_ANSWER] });
    const codes = [...new Set(unanswered.map(score => score.errorCode))].join(', ');
    throw failure(
      'model_failed',
      `The model gave no answer to ${unanswered.length} of ${scores.size} examples (${codes}), so nothing can be said of the prompt. Start again when it answers.`,
    );
  }

  #keyOf(artifact: Artifact): string {
    const { reward, models, day = null } = this.#options;
    return candidateKeyOf(artifact, reward, models, day);
  }

  /** Waits until everything paid for is durable. */
  async flush(): Promise<void> {
    await this.#ledger.flush();
    this.#checkGoing();
  }

  async #ask(
    artifact: Artifact,
    candidateKey: string,
    row: LabelledExample,
    purpose: Purpose,
  ): Promise<ItemScore> {
    const { contentHash: hash, exampleId } = row;
    const isJudged = this.#options.reward.judge !== null;
    const { scored, spent } = await this.#budget.spend(artifact, isJudged, () => this.#scored(artifact, row));
    const { score, errorCode, output, notes } = scored;
    if (errorCode === 'internal') this.#logBugOnce(scored, exampleId);
    const receiptId = purpose === 'search' ? null : this.#keepReceipts(artifact, row, scored, purpose);
    const answer = { contentHash: hash, exampleId, score, errorCode, output, receiptId, notes, spent };
    this.#keep(candidateKey, answer);
    return answer;
  }

  /** Asks for a row, once more when it takes unusually long, and tells what that has cost. */
  async #scored(
    artifact: Artifact,
    { input, expected }: LabelledExample,
  ): Promise<{ scored: RowScore; spent: Spent }> {
    const { signature, reward, models } = this.#options;
    const startedAt = Date.now();
    let resubmitted = 0;
    const run = (signal: AbortSignal) =>
      scoreRow({
        signature,
        artifact,
        reward,
        models,
        input,
        expected,
        lm: this.#lm,
        now: Date.now,
        signal,
      });
    const scored = await onceMore(run, this.#patience.limitMs, {
      sleep,
      isFailure: ({ errorCode }) => NO_ANSWER.includes(errorCode ?? ''),
      // It may be billed though its answer is never read.
      onResubmit: () => resubmitted++,
    });
    this.#patience.answered(Date.now() - startedAt);
    this.#concurrency.answered(Date.now() - startedAt);
    const { calls, tokens, costUsd } = scored;
    return { scored, spent: { calls: calls + resubmitted, tokens, costUsd } };
  }

  /** What is broken for one row is often broken for all of them. */
  #logBugOnce({ facts }: RowScore, exampleId: string): void {
    if (this.#bugLogged) return;
    this.#bugLogged = true;
    logBug(facts, this.#options.signature.id, `${this.#options.job.jobId}-${exampleId}`);
  }

  #keep(candidateKey: string, answer: KeptAnswer): void {
    this.progress = { ...this.progress, ...this.#budget.total };
    this.#ledger.keep(candidateKey, answer);
  }

  /** The receipt of a predict, and of the judge's where there was one; answers the id of the first. */
  #keepReceipts(
    artifact: Artifact,
    row: LabelledExample,
    { facts, judged }: RowScore,
    purpose: Exclude<Purpose, 'search'>,
  ): string {
    const { signature, reward, models, job } = this.#options;
    const contextOf = (compiledId: string): ReceiptContext => ({
      receiptId: `rcp_${crypto.randomUUID()}`,
      compiledId,
      purpose,
      opsRunId: job.runId,
      requestId: `${job.jobId}-${row.exampleId}`,
      threadId: null,
      unit: null,
      canaryId: null,
      arm: 'none',
      bucket: null,
    });
    const receipt = receiptOf(signature, artifact, row.input, facts, contextOf(compiledIdOf(artifact)));
    this.#receipts.push(JSON.stringify(receipt));
    if (judged && reward.judge) {
      const pinned = reward.judge.artifact(models);
      const context = contextOf(compiledIdOf(pinned));
      const second = receiptOf(reward.judge.signature, pinned, judged.input, judged.facts, context);
      this.#receipts.push(JSON.stringify(second));
    }
    return receipt.receiptId;
  }

  async #write(batches: readonly AnswerBatch[]): Promise<void> {
    const { ctx, job } = this.#options;
    const receiptJsons = this.#receipts.splice(0);
    const progressJson = JSON.stringify(this.progress);
    // Receipts first: an answer that names one must find it.
    if (receiptJsons.length > 0) await ctx.runMutation(internal.receipts.record, { receiptJsons });
    const { jobId, generation } = job;
    const goesOn = await ctx.runMutation(internal.ledger.write, {
      jobId,
      generation,
      progressJson,
      batches: [...batches],
    });
    if (!goesOn) this.#superseded = true;
  }

  #checkGoing(): void {
    this.#ledger.throwFailure();
    if (this.#superseded) throw new StepOver('superseded');
    if (Date.now() > this.#deadline) throw new StepOver('time');
  }
}
