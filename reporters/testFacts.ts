import path from 'node:path';
import type { FullConfig, TestCase, TestError } from '@playwright/test/reporter';
import type { SeenRequest, TestFacts, TestOutcome } from '../loop/contract/opsRun.ts';
import { type AttemptDetails, atMost } from './attemptDetails.ts';
import { boundedText, cut } from './boundedText.ts';
import type { Redact } from './redact.ts';

const LONGEST_ERROR = 2_100;
const LONGEST_WHY = 300;
const MOST_ERRORS = 5;
const MOST_TAGS = 32;
const FEW_REQUESTS = 100;
/** One event must leave room for others in a request and fit a database row. */
const MOST_FACTS_BYTES = 500_000;

/** Where a test stands, free of secrets and within the contract's bounds. */
export interface TestPlace {
  readonly testId: string;
  readonly title: string;
  readonly file: string;
  readonly line: number;
  readonly project: string;
  readonly tags: string[];
}

/** What a test attempt came to, as far as it is known. */
export interface AttemptFacts {
  readonly outcome: TestOutcome;
  readonly retry: number;
  readonly durationMs: number;
  readonly errors: readonly TestError[];
  readonly requests: readonly SeenRequest[];
  readonly requestCount: number;
  readonly details?: AttemptDetails;
}

/** Names a test for people and for the contract. */
export function placeOf(test: TestCase, config: FullConfig | null, redact: Redact): TestPlace {
  // the path is: root, project, file, describes, title
  const [, project = '', , ...titles] = test.titlePath();
  const file = path
    .relative(config?.rootDir ?? process.cwd(), test.location.file)
    .split(path.sep)
    .join('/');
  return {
    testId: test.id,
    title: boundedText(titles.join(' › '), 500, redact),
    file: boundedText(file, 300, redact),
    line: test.location.line,
    project: boundedText(project, 100, redact),
    tags: atMost(
      MOST_TAGS,
      test.tags.map(tag => boundedText(tag, 64, redact)),
      more => `… [cut, ${more} tags more]`,
    ),
  };
}

/** The facts of one attempt, within the contract's bounds; a cut list of requests shows in `requestCount`. */
export function testFacts(
  { line: _line, ...place }: TestPlace,
  attempt: AttemptFacts,
  redact: Redact,
): TestFacts {
  const facts: TestFacts = {
    ...place,
    retry: attempt.retry,
    outcome: attempt.outcome,
    durationMs: Math.max(0, attempt.durationMs),
    errors: errorTexts(attempt.errors, redact),
    requests: [...attempt.requests],
    requestCount: attempt.requestCount,
    ...attempt.details,
    at: Date.now(),
  };
  // measured only where it can matter: the rest of the facts is bounded far below
  while (facts.requests.length > FEW_REQUESTS && Buffer.byteLength(JSON.stringify(facts)) > MOST_FACTS_BYTES)
    facts.requests.length = Math.floor(facts.requests.length / 2);
  return facts;
}

/** A failing test in one line, with what its error begins with: `[project] file › title: Error: …`. */
export function testLine(place: TestPlace, error: string | undefined): string {
  const project = place.project === '' ? '' : `[${place.project}] `;
  const [why = ''] = (error ?? '').split('\n', 1);
  return cut(
    `${project}${place.file} › ${place.title}${why === '' ? '' : `: ${cut(why, LONGEST_WHY)}`}`,
    700,
  );
}

/** An error with its place and its causes, redacted and bounded. */
export function errorText(error: TestError, redact: Redact, max = LONGEST_ERROR): string {
  const said: string[] = [];
  for (let at: TestError | undefined = error; at !== undefined; at = at.cause) {
    const where = at.location === undefined ? '' : `\n    at ${at.location.file}:${at.location.line}`;
    said.push(`${at.message ?? at.value ?? 'unknown error'}${where}`);
  }
  return boundedText(said.join('\ncaused by: '), max, redact);
}

function errorTexts(errors: readonly TestError[], redact: Redact): string[] {
  const said = errors.slice(0, MOST_ERRORS).map(error => errorText(error, redact));
  const more = errors.length - said.length;
  if (more > 0) said[MOST_ERRORS - 1] = `… [cut, ${more + 1} errors more]`;
  return said;
}
