import type { FullConfig, TestCase, TestError, TestResult, TestStep } from '@playwright/test/reporter';
import type { TestOutcome } from '../loop/contract/opsRun.ts';
import { type AttachmentContext, attachmentFacts } from './attachments.ts';
import { attemptDetails } from './attemptDetails.ts';
import type { EventLog } from './eventLog.ts';
import { outcomeOf } from './outcomes.ts';
import type { Redact } from './redact.ts';
import { REQUEST_IDS_ATTACHMENT, requestsSeen } from './requestIds.ts';
import { errorText, placeOf, type TestPlace, testFacts } from './testFacts.ts';
import { TestLedger } from './testLedger.ts';

/** A loop of soft assertions can fail thousands of steps. */
const MOST_FAILED_STEPS = 50;
const MOST_ATTACHMENTS = 100;
const LONGEST_STEP_ERROR = 1_900;

/** Turns what Playwright tells about tests into events, and keeps the score. */
export class TestStream {
  readonly ledger = new TestLedger();
  readonly #events: EventLog;
  readonly #config: FullConfig;
  readonly #redact: Redact;
  readonly #attachments: AttachmentContext;
  /** Large attachments that are still being hashed. */
  readonly #hashing = new Set<Promise<void>>();
  readonly #places = new WeakMap<TestCase, TestPlace>();
  /** Failed steps per running attempt. */
  readonly #failedSteps = new Map<TestResult, number>();

  constructor(events: EventLog, config: FullConfig, attachments: AttachmentContext) {
    this.#events = events;
    this.#config = config;
    this.#redact = attachments.redact;
    this.#attachments = attachments;
  }

  /** Resolves when every attachment told of so far is an event. */
  async hashed(): Promise<void> {
    await Promise.all(this.#hashing);
  }

  testBegan(test: TestCase, result: TestResult): void {
    this.ledger.began(test.id);
    const place = this.#placeOf(test);
    const { retry, workerIndex } = result;
    this.#events.addTestBegin(`began: ${place.title}`, { ...place, retry, workerIndex });
  }

  /**
   * Told when an outermost step failed, with the innermost step that failed in it: the steps between carry the same error, and
   * what failed inside a step that passed was tried again, as `expect.poll` does.
   */
  stepFailed(test: TestCase, result: TestResult, outermost: TestStep): void {
    if (outermost.error === undefined || outermost.parent !== undefined) return;
    const step = innermostFailed(outermost);
    const count = (this.#failedSteps.get(result) ?? 0) + 1;
    this.#failedSteps.set(result, count);
    if (count > MOST_FAILED_STEPS) return;
    const title = step.titlePath().join(' › ');
    this.#events.add('step_failed', `step failed: ${title}`, {
      testId: test.id,
      retry: result.retry,
      step: title,
      category: step.category,
      durationMs: Math.max(0, step.duration),
      error: errorText(step.error ?? outermost.error, this.#redact, LONGEST_STEP_ERROR),
    });
  }

  testEnded(test: TestCase, result: TestResult): void {
    const place = this.#placeOf(test);
    const about = { testId: test.id, retry: result.retry };
    this.#tellCutSteps(result, about);
    this.#tellAttachments(result, about);
    const { requests, requestCount, complaint } = requestsSeen(result.attachments, this.#redact);
    if (complaint !== null) this.#events.add('note', `${complaint} (test ${place.title})`, about);
    const outcome = outcomeOf(test, result);
    const attempt = {
      outcome,
      retry: result.retry,
      durationMs: result.duration,
      errors: errorsOf(outcome, result),
      requests,
      requestCount,
      details: attemptDetails(test, result, this.#config, this.#redact),
    };
    const reason = reasonOf(test, result);
    const message = `${outcome.replaceAll('_', ' ')}: ${place.title}${reason === '' ? '' : ` (${reason})`}`;
    const facts = testFacts(place, attempt, this.#redact);
    const requestIds = requests.map(request => request.requestId);
    this.ledger.ended(place, outcome, requestIds, facts.errors[0]);
    this.#events.addTestEnd(message, facts);
  }

  /** Records what Playwright does not tell of: a test that was never begun, or one still open when the run ends. */
  settle(test: TestCase): void {
    const last = this.ledger.last(test.id);
    if (last !== undefined && last !== null) return;
    const outcome = last === null ? 'interrupted' : 'did_not_run';
    const place = this.#placeOf(test);
    this.ledger.ended(place, outcome, []);
    const retry = test.results.at(-1)?.retry ?? 0;
    const attempt = { outcome, retry, durationMs: 0, errors: [], requests: [], requestCount: 0 } as const;
    const message = `${outcome.replaceAll('_', ' ')}: ${place.title}`;
    this.#events.addTestEnd(message, testFacts(place, attempt, this.#redact));
  }

  errorOutsideTests(error: TestError): void {
    const text = errorText(error, this.#redact, LONGEST_STEP_ERROR);
    this.#events.add('note', `error outside a test: ${text}`, {});
  }

  /** Where a test stands, worked out once for all it tells. */
  #placeOf(test: TestCase): TestPlace {
    const known = this.#places.get(test);
    if (known !== undefined) return known;
    const place = placeOf(test, this.#config, this.#redact);
    this.#places.set(test, place);
    return place;
  }

  #tellCutSteps(result: TestResult, about: { testId: string; retry: number }): void {
    const more = (this.#failedSteps.get(result) ?? 0) - MOST_FAILED_STEPS;
    this.#failedSteps.delete(result);
    if (more > 0) this.#events.add('note', `… [cut, ${more} failed steps more]`, about);
  }

  #tellAttachments(result: TestResult, about: { testId: string; retry: number }): void {
    const told = result.attachments.filter(attachment => attachment.name !== REQUEST_IDS_ATTACHMENT);
    for (const attachment of told.slice(0, MOST_ATTACHMENTS)) {
      const facts = attachmentFacts(attachment, this.#attachments);
      if (!(facts instanceof Promise)) this.#events.addAttachment({ ...about, ...facts });
      else {
        const told = facts.then(late => this.#events.addAttachment({ ...about, ...late }));
        this.#hashing.add(told);
        void told.finally(() => this.#hashing.delete(told));
      }
    }
    const more = told.length - MOST_ATTACHMENTS;
    if (more > 0) this.#events.add('note', `… [cut, ${more} attachments more]`, about);
  }
}

function innermostFailed(step: TestStep): TestStep {
  const inner = step.steps.findLast(candidate => candidate.error !== undefined);
  return inner === undefined ? step : innermostFailed(inner);
}

/** Why a test is skipped or expected to fail, in the words of its author. */
function reasonOf(test: TestCase, result: TestResult): string {
  const reasons = [...result.annotations, ...test.annotations]
    .filter(({ type, description }) => /^(skip|fixme|fail|abort)$/.test(type) && description)
    .map(({ type, description }) => `${type}: ${description}`);
  return [...new Set(reasons)].join('; ');
}

/** Why an attempt failed. One that should have failed and passed has no error of its own. */
function errorsOf(outcome: TestOutcome, { errors, status }: TestResult): readonly TestError[] {
  if (outcome === 'skipped' || outcome === 'did_not_run') return [];
  if (outcome === 'failed' && status === 'passed') return [{ message: 'Expected to fail, but passed.' }];
  return errors;
}
