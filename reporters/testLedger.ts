import type { TestCounts, TestOutcome } from '../loop/contract/opsRun.ts';
import { countOutcomes } from './outcomes.ts';
import { type TestPlace, testLine } from './testFacts.ts';

/** A test that failed for good, with the last requests it made. */
export interface FailingTest {
  readonly line: string;
  readonly requestIds: readonly string[];
}

/** Requests named beside a failing test in the table; the page has all. */
const NAMED_REQUESTS = 3;

/** What became of each test so far: the last attempt counts. */
export class TestLedger {
  /** Null while an attempt runs. */
  readonly #last = new Map<string, TestOutcome | null>();
  readonly #failing = new Map<string, FailingTest>();

  began(testId: string): void {
    this.#last.set(testId, null);
  }

  ended(place: TestPlace, outcome: TestOutcome, requestIds: readonly string[], error?: string): void {
    this.#last.set(place.testId, outcome);
    this.#failing.delete(place.testId);
    if (outcome === 'failed' || outcome === 'interrupted')
      this.#failing.set(place.testId, {
        line: testLine(place, error),
        requestIds: requestIds.slice(-NAMED_REQUESTS),
      });
  }

  /** The last outcome of a test, null while an attempt runs, undefined when none was begun. */
  last(testId: string): TestOutcome | null | undefined {
    return this.#last.get(testId);
  }

  /** Tests by outcome; one that began and has not ended is interrupted. */
  counts(): TestCounts {
    return countOutcomes([...this.#last.values()].map(outcome => outcome ?? 'interrupted'));
  }

  failing(): FailingTest[] {
    return [...this.#failing.values()];
  }
}
