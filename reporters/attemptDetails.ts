import type { FullConfig, TestCase, TestResult } from '@playwright/test/reporter';
import type { TestFacts } from '../loop/contract/opsRun.ts';
import { boundedTail, boundedText, tailNeeds } from './boundedText.ts';
import type { Redact } from './redact.ts';

const LONGEST_OUTPUT = 2_000;
const MOST_ANNOTATIONS = 32;

/** What Playwright says of an attempt besides its outcome. */
export type AttemptDetails = Pick<
  TestFacts,
  | 'status'
  | 'expectedStatus'
  | 'retries'
  | 'workerIndex'
  | 'parallelIndex'
  | 'shard'
  | 'annotations'
  | 'stdout'
  | 'stderr'
>;

/** Worker, statuses, annotations and the end of the output, free of secrets and within the contract's bounds. */
export function attemptDetails(
  test: TestCase,
  result: TestResult,
  config: FullConfig,
  redact: Redact,
): AttemptDetails {
  const { status, workerIndex, parallelIndex } = result;
  const { shard } = config;
  const annotations = annotationsOf(result.annotations, redact);
  const stdout = outputTail(result.stdout, redact);
  const stderr = outputTail(result.stderr, redact);
  return {
    status,
    expectedStatus: test.expectedStatus,
    retries: test.retries,
    workerIndex,
    parallelIndex,
    ...(shard ? { shard: `${shard.current}/${shard.total}` } : {}),
    ...(annotations.length > 0 ? { annotations } : {}),
    ...(stdout === '' ? {} : { stdout }),
    ...(stderr === '' ? {} : { stderr }),
  };
}

/** The list, or its beginning and how much is missing. */
export function atMost<T>(most: number, list: T[], mark: (more: number) => T): T[] {
  if (list.length <= most) return list;
  return [...list.slice(0, most - 1), mark(list.length - most + 1)];
}

function annotationsOf(told: TestResult['annotations'], redact: Redact) {
  const kept = told.map(({ type, description }) => ({
    type: boundedText(type, 100, redact),
    ...(description ? { description: boundedText(description, 500, redact) } : {}),
  }));
  return atMost(MOST_ANNOTATIONS, kept, more => ({ type: `… [cut, ${more} annotations more]` }));
}

/** The end of what a test printed, joined from the end, as a test may print for hours. */
function outputTail(chunks: TestResult['stdout'], redact: Redact): string {
  const needed = tailNeeds(LONGEST_OUTPUT);
  let tail = '';
  let at = chunks.length;
  while (at > 0 && tail.length < needed) tail = String(chunks[--at]) + tail;
  const before = chunks.slice(0, at).reduce((sum, chunk) => sum + chunk.length, 0);
  return boundedTail(tail, LONGEST_OUTPUT, redact, before);
}
