/** @jsxImportSource hono/jsx */
import type { SeenRequest, TestCounts, TestFacts } from '../../../loop/contract/opsRun.ts';
import { LinkedText } from '../pieces/linkedText.tsx';
import { RequestLink } from '../pieces/links.tsx';
import { Section } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { counted, duration } from '../wording/figures.ts';

interface TestResultsProps {
  readonly tests: readonly TestFacts[];
  readonly counts: TestCounts;
  readonly runId: string;
  /** Address of the tests that are not on this page; null when all are. */
  readonly more: string | null;
}

/** Each attempt of each test, with its errors and the requests it made. */
export function TestResults({ runId, tests, counts, more }: TestResultsProps) {
  const files = [...new Set(tests.map(test => test.file))];
  const attemptsIn = (file: string) => tests.filter(test => test.file === file);
  return (
    <Section id="tests" title="Tests" lead={countWords(counts)}>
      {tests.length === 0 && <p class="faint">No test has reported yet.</p>}
      {files.map(file => (
        <>
          <h3>
            <code>{file}</code>
          </h3>
          <ul class="tests">
            {attemptsIn(file).map(test => (
              <li>
                <Attempt runId={runId} test={test} />
              </li>
            ))}
          </ul>
        </>
      ))}
      {more !== null && (
        <p>
          <a href={more}>More tests</a>
        </p>
      )}
    </Section>
  );
}

/** Requests listed for one test: the first of them, and every one that was refused. */
function shownRequests({ requests }: TestFacts): SeenRequest[] {
  return requests.filter((request, at) => at < REQUESTS_SHOWN || request.status >= 400);
}

/** Keeps a night with much traffic readable and light. */
const REQUESTS_SHOWN = 40;

/** `12 passed, 1 failed`: outcomes that occurred. */
export function countWords(counts: TestCounts): string {
  const words = Object.entries(counts).filter(([, n]) => n > 0);
  if (words.length === 0) return 'none yet';
  return words.map(([outcome, n]) => `${n} ${outcome.replaceAll('_', ' ')}`).join(', ');
}

/** Where on the page of its night an attempt of a test is told. */
export function attemptAnchor({ testId, retry }: Pick<TestFacts, 'testId' | 'retry'>): string {
  return `test-${testId}-${retry}`;
}

function Attempt({ runId, test }: AttemptProps) {
  const bad = test.outcome === 'failed' || test.outcome === 'interrupted';
  return (
    <details id={attemptAnchor(test)} open={bad} data-outcome={test.outcome}>
      <summary>
        <Mark of={test.outcome} /> <span class="title">{test.title}</span>{' '}
        <span class="faint">
          {duration(test.durationMs)} · {counted(test.requestCount, 'request')}
          {test.retry > 0 && ` · retry ${test.retry}`}
        </span>
      </summary>
      {test.errors.map(error => (
        <pre class="failure">
          <LinkedText text={error} of={{ runId }} />
        </pre>
      ))}
      <Requests runId={runId} test={test} />
    </details>
  );
}

interface AttemptProps {
  readonly runId: string;
  readonly test: TestFacts;
}

function Requests({ runId, test }: AttemptProps) {
  const shown = shownRequests(test);
  const inJson = test.requests.length - shown.length;
  const notKept = test.requestCount - test.requests.length;
  return (
    <>
      {shown.length > 0 && (
        <ul class="requests">
          {shown.map(request => (
            <li>
              <RequestLine runId={runId} request={request} />
            </li>
          ))}
        </ul>
      )}
      {inJson > 0 && (
        <p class="faint">
          {counted(inJson, 'more request')} in <a href="?format=json">this page as JSON</a>.
        </p>
      )}
      {notKept > 0 && <p class="faint">{counted(notKept, 'more request')} not kept by the reporter.</p>}
      {test.requestCount === 0 && <p class="faint">No requests.</p>}
    </>
  );
}

function RequestLine({ runId, request }: { runId: string; request: SeenRequest }) {
  return (
    <>
      <span>
        {request.method} <LinkedText text={request.path} />
      </span>{' '}
      <span class={request.status >= 400 ? 'bad' : undefined}>{request.status}</span>{' '}
      <RequestLink requestId={request.requestId} runId={runId} />
    </>
  );
}
