import { randomBytes } from 'node:crypto';
import fs from 'node:fs';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
  TestStep,
} from '@playwright/test/reporter';
import { finishRow, orderAdvice, summaryOf, whyNoResult } from './ending.ts';
import { type LiveReporter, liveReporters } from './live.ts';
import { failedNight, nightLine } from './nightLine.ts';
import { type ConvexReporterOptions, credentialOf, resolveSettings } from './options.ts';
import { statusBeforeEnd } from './outcomes.ts';
import { createRedactor, type Redact } from './redact.ts';
import { RunSession } from './runSession.ts';
import { markdownSummary, terminalTable } from './summaryTable.ts';
import { TestStream } from './testStream.ts';

/** Playwright adds this to the options; it tells a test run from `--list` and `merge-reports`. */
interface AddedByPlaywright {
  readonly _mode?: 'test' | 'list' | 'merge';
}

/** Tests wait for the server's first answer no longer than this. */
const FIRST_ANSWER_MS = 1_000;

/**
 * Streams a run's facts into Convex while tests run: written ahead to a spool, sent in batches off the tests' path. Its own
 * trouble never changes the exit code and is said once on stderr. Works beside any other reporter.
 */
export default class ConvexReporter implements Reporter, LiveReporter {
  readonly #options: ConvexReporterOptions;
  readonly #active: boolean;
  readonly #errors: string[] = [];
  #redact: Redact = text => text;
  #config: FullConfig | null = null;
  #suite: Suite | null = null;
  #session: RunSession | null = null;
  #stream: TestStream | null = null;
  #opened = false;
  #startedAt = Date.now();
  #finishing: Promise<void> | null = null;
  #sentStatus: FullResult['status'] | null = null;
  /** Whether `globalTeardown` finished the run. */
  #toldInTime = false;
  #troubleSaid = false;

  constructor(options: ConvexReporterOptions & AddedByPlaywright = {}) {
    this.#options = options;
    this.#active = options._mode === undefined || options._mode === 'test';
    if (!this.#active) return;
    liveReporters.add(this);
    // playwright ends cleanly on SIGINT only; on these two it would vanish without a word
    for (const signal of ['SIGTERM', 'SIGHUP'] as const)
      process.once(signal, () => process.kill(process.pid, 'SIGINT'));
  }

  printsToStdio(): boolean {
    return false;
  }

  async preprocess({ config, suite }: { config: FullConfig; suite: Suite }): Promise<void> {
    await this.#guard(async () => {
      this.#open(config, suite);
      // a night learns before its first test whether it has the lease; nobody else waits
      if (this.#options.night) await this.#session?.firstAnswer(FIRST_ANSWER_MS);
    });
  }

  onBegin(config: FullConfig, suite: Suite): void {
    void this.#guard(() => {
      this.#open(config, suite);
      const tests = suite.allTests().length;
      const { workers } = config;
      this.#session?.events.add('run', `Run started (tests: ${tests}, workers: ${workers})`, {
        tests,
        workers,
      });
    });
  }

  onTestBegin(test: TestCase, result: TestResult): void {
    void this.#guard(() => this.#stream?.testBegan(test, result));
  }

  onStepEnd(test: TestCase, result: TestResult, step: TestStep): void {
    if (step.error !== undefined) void this.#guard(() => this.#stream?.stepFailed(test, result, step));
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    void this.#guard(() => this.#stream?.testEnded(test, result));
  }

  onError(error: TestError): void {
    void this.#guard(() => {
      this.#errors.push((error.message ?? '').slice(0, 200));
      this.#stream?.errorOutsideTests(error);
    });
  }

  /** For {@link liveReporters}: called by `globalTeardown`, while servers of the config still answer. */
  async finishWhileServersAreUp(): Promise<void> {
    await this.#finish(null);
  }

  async onEnd({ status }: FullResult): Promise<void> {
    this.#toldInTime = this.#finishing !== null;
    await this.#finish(status);
    // a teardown failed after the run was finished as passed: the record must not stay better than the exit code
    if (this.#sentStatus === 'passed' && status !== 'passed')
      await this.#guard(() => this.#appendFinish(status));
  }

  /** Closes here and not in `onEnd`, because with a `globalTimeout` the running test ends after that. */
  async onExit(): Promise<void> {
    await this.#guard(async () => {
      liveReporters.delete(this);
      const session = this.#session;
      const stream = this.#stream;
      if (session === null || stream === null) return;
      if (session.undelivered > 0 && session.trouble === null) await session.drain({ serversUp: false });
      await session.close(orderAdvice(session, this.#toldInTime, this.#config?.webServer != null));
      const summary = summaryOf(session, stream.ledger, Date.now() - this.#startedAt);
      const page = process.env.GITHUB_STEP_SUMMARY;
      if (page) fs.appendFileSync(page, markdownSummary(summary));
      if (!this.#options.quiet) process.stdout.write(terminalTable(summary));
    });
  }

  #open(config: FullConfig, suite: Suite): void {
    this.#config = config;
    this.#suite = suite;
    if (!this.#active || this.#opened) return;
    this.#opened = true;
    this.#startedAt = Date.now();
    // at the very exit, so that it is the last line whichever reporters print before
    if (this.#options.night) process.once('exit', () => void this.#guard(() => this.#printNight()));
    const credential = credentialOf(this.#options.credential, process.env).value;
    const { redact, holdsSecret } = createRedactor(process.env, [credential], this.#options.redact);
    this.#redact = redact;
    const resolved = resolveSettings(this.#options, process.env);
    if ('missing' in resolved) {
      this.#say(`nothing is sent, because there is ${resolved.missing.join('; and ')}.`);
      return;
    }
    this.#session = new RunSession({
      options: this.#options,
      settings: resolved.settings,
      config,
      nonce: randomBytes(6).toString('hex'),
      redact: this.#redact,
      say: text => this.#say(text),
    });
    this.#stream = new TestStream(this.#session.events, config, {
      policy: this.#options.attachments ?? {},
      rootDir: config.rootDir,
      redact,
      holdsSecret,
    });
  }

  /** Finishes the run once, whoever asks first; without a status, servers are still up and the status is worked out. */
  #finish(status: FullResult['status'] | null): Promise<void> {
    this.#finishing ??= this.#guard(async () => {
      const session = this.#session;
      const stream = this.#stream;
      if (session === null || stream === null) return;
      for (const test of this.#suite?.allTests() ?? []) stream.settle(test);
      await stream.hashed();
      const counts = stream.ledger.counts();
      const run = { maxFailures: this.#config?.maxFailures ?? 0, errors: this.#errors };
      const ended = status ?? statusBeforeEnd(counts, run);
      session.events.add('run', `Run ended: ${ended}`, { status: ended, counts });
      this.#appendFinish(ended);
      await session.drain({ serversUp: status === null });
    });
    return this.#finishing;
  }

  #appendFinish(status: FullResult['status']): void {
    const session = this.#session;
    const stream = this.#stream;
    if (session === null || stream === null) return;
    this.#sentStatus = status;
    const durationMs = Date.now() - this.#startedAt;
    const shard = this.#config?.shard ?? null;
    session.append(finishRow(session.runId, stream.ledger, { durationMs, status, shard }));
  }

  #printNight(): void {
    const { night, afterNight = [] } = this.#options;
    if (night === undefined) return;
    const session = this.#session;
    const facts = {
      runId: session?.runId ?? process.env.DSE_RUN_ID ?? '',
      signatureId: night.signatureId,
      url: session?.url ?? '',
      reason: this.#redact(whyNoResult(session)),
    };
    const hints = afterNight.map(line => `${line}\n`).join('');
    process.stdout.write(hints + nightLine(session?.result ?? failedNight(facts)));
  }

  /** Nothing of ours may throw into Playwright, which would fail the run, or reject unheard, which would end it. */
  async #guard(act: () => unknown): Promise<void> {
    try {
      await act();
    } catch (error) {
      if (this.#troubleSaid) return;
      this.#troubleSaid = true;
      this.#say(
        `trouble of its own, the run is not affected: ${error instanceof Error ? error.stack : error}`,
      );
    }
  }

  #say(text: string): void {
    process.stderr.write(`overnight reporter: ${this.#redact(text)}\n`);
  }
}
