import type { FullResult, TestCase, TestResult } from '@playwright/test/reporter';
import type { TestCounts, TestOutcome } from '../loop/contract/opsRun.ts';

/** How one attempt ended. A skip without a reason given by the test itself is a test that did not run. */
export function outcomeOf(
  test: Pick<TestCase, 'expectedStatus' | 'annotations'>,
  result: Pick<TestResult, 'status' | 'retry' | 'annotations'>,
): TestOutcome {
  if (result.status === 'interrupted') return 'interrupted';
  if (result.status === 'skipped') {
    const reasons = [...test.annotations, ...result.annotations].map(annotation => annotation.type);
    const onPurpose =
      test.expectedStatus === 'skipped' || reasons.includes('skip') || reasons.includes('fixme');
    return onPurpose ? 'skipped' : 'did_not_run';
  }
  if (result.status !== test.expectedStatus) return 'failed';
  return result.retry > 0 ? 'flaky' : 'passed';
}

/** Tests by the outcome of their last attempt. */
export function countOutcomes(outcomes: Iterable<TestOutcome>): TestCounts {
  const counts: TestCounts = { passed: 0, failed: 0, flaky: 0, skipped: 0, did_not_run: 0, interrupted: 0 };
  for (const outcome of outcomes) counts[outcome] += 1;
  return counts;
}

/**
 * How the runner ends, guessed before it says so itself: `globalTeardown` runs while the servers are still up but is not told.
 * Stopping at `maxFailures` also interrupts tests, yet the run then counts as failed.
 */
export function statusBeforeEnd(
  counts: TestCounts,
  run: { readonly maxFailures: number; readonly errors: readonly string[] },
): FullResult['status'] {
  if (run.errors.some(error => error.startsWith('Timed out waiting'))) return 'timedout';
  const stoppedEarly = run.maxFailures > 0 && counts.failed >= run.maxFailures;
  if (counts.interrupted > 0 && !stoppedEarly) return 'interrupted';
  if (counts.failed > 0 || run.errors.length > 0) return 'failed';
  return counts.did_not_run > 0 ? 'interrupted' : 'passed';
}
