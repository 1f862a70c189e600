import { type Amount, amountOf, brokenLimit, type Limits, type Spent } from '../loop/compile/purse.ts';
import type { JobProgress } from '../loop/contract/compile.ts';
import type { Artifact } from '../loop/contract/params.ts';
import { failure } from './failure.ts';

type Total = Pick<JobProgress, 'modelCalls' | 'tokens' | 'costUsd'>;

const NO_LIMITS: Limits = { calls: null, tokens: null, usd: null };

/**
 * The hard limit of a job. Before each call the most that it can cost is reserved; a call that does not fit waits for those under way,
 * and when they have left too little it ends the job: no limit is ever broken. What was spent before a kill counts.
 */
export class CallBudget {
  readonly #limits: Limits;
  #total: Total;
  #reserved: Amount = { calls: 0, tokens: 0, usd: 0 };
  /** The dearest answer so far: what another one is taken to cost at most. */
  #dearest = { tokens: 0, usd: 0 };
  #waiting: (() => void)[] = [];

  constructor(total: Total, limits: Limits = NO_LIMITS) {
    this.#total = total;
    this.#limits = limits;
  }

  /** What was spent, over all steps of the job. */
  get total(): Total {
    return this.#total;
  }

  /** Asks for one row once the most that it can cost is reserved, and counts what it cost. Throws `limit_reached`. */
  async spend<T extends { readonly spent: Spent }>(
    { params }: Artifact,
    isJudged: boolean,
    ask: () => Promise<T>,
  ): Promise<T> {
    const { maxRepairs } = params.decode;
    const own = params.strategy === 'direct.v1' ? 1 + maxRepairs : params.budgets.maxLmCalls;
    const release = await this.#reserve(own + (isJudged ? 2 : 0));
    try {
      const answered = await ask();
      this.#count(answered.spent);
      return answered;
    } finally {
      release();
    }
  }

  async #reserve(calls: number): Promise<() => void> {
    for (;;) {
      const most = { calls, ...this.#dearest };
      const broken = this.#brokenBy(most);
      if (broken === null && !this.#isFirstUnderWay) return this.#setAside(most);
      if (this.#reserved.calls === 0)
        throw failure(
          'limit_reached',
          `The limit of ${broken} is reached: another call could break it. Raise it and start again; what was paid for is kept.`,
        );
      await new Promise<void>(resolve => this.#waiting.push(resolve));
    }
  }

  /** Answers how to give it back. */
  #setAside(most: Amount): () => void {
    this.#reserved = amountOf(unit => this.#reserved[unit] + most[unit]);
    return () => {
      this.#reserved = amountOf(unit => this.#reserved[unit] - most[unit]);
      for (const go of this.#waiting.splice(0)) go();
    };
  }

  /** Under a limit of tokens or money the first call goes alone: nobody knows yet what one costs. */
  get #isFirstUnderWay(): boolean {
    const { tokens, usd } = this.#limits;
    return (tokens !== null || usd !== null) && this.#dearest.tokens === 0 && this.#reserved.calls > 0;
  }

  #count({ calls, tokens, costUsd }: Spent): void {
    if (costUsd === null && this.#limits.usd !== null)
      throw failure(
        'not_configured',
        'OVERNIGHT_MAX_USD needs the price of the model: set OA_LM_PRICES, or limit calls or tokens instead.',
      );
    const before = this.#total.costUsd;
    this.#total = {
      modelCalls: this.#total.modelCalls + calls,
      tokens: this.#total.tokens + tokens,
      costUsd: before === null || costUsd === null ? null : before + costUsd,
    };
    this.#dearest = {
      tokens: Math.max(this.#dearest.tokens, tokens),
      usd: Math.max(this.#dearest.usd, costUsd ?? 0),
    };
  }

  /** Which limit another call could break, in words, or null. */
  #brokenBy(most: Amount): string | null {
    const { modelCalls: calls, tokens, costUsd } = this.#total;
    const spent: Amount = { calls, tokens, usd: costUsd ?? 0 };
    return brokenLimit(
      this.#limits,
      amountOf(unit => spent[unit] + this.#reserved[unit] + most[unit]),
    );
  }
}
