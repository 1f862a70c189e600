/** @jsxImportSource hono/jsx */
import type { CompileReport, GateReport } from '../../../loop/contract/compile.ts';
import type { TestCounts } from '../../../loop/contract/opsRun.ts';
import { NightLink, SignatureLink } from '../pieces/links.tsx';
import { page } from '../pieces/page.tsx';
import { MarkedSentence } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import type { Problems } from '../stored.ts';
import { counted, duration } from '../wording/figures.ts';
import { gainFigures, verdictSentence } from '../wording/verdictSentence.ts';
import type { Night } from './nightModel.ts';
import { outcomeOf, wordOf } from './nightPage.tsx';
import { countWords } from './testResults.tsx';

/** One line of the list of nights. */
export interface NightListItem {
  readonly night: Night;
  readonly report: CompileReport | null;
}

/** What the list shows; `?format=json` answers it. */
export interface NightsView {
  readonly nights: readonly NightListItem[];
  /** Address of older nights; null at the end. */
  readonly older: string | null;
  readonly problems: Problems;
}

/** All nights, newest first, each in one sentence. */
export function nightsPage({ nights, older, problems }: NightsView) {
  return page({
    title: 'Nights',
    heading: 'What improved overnight',
    problems,
    children: (
      <>
        {nights.length === 0 && <NothingYet />}
        <ol class="nights">
          {nights.map(item => (
            <li>
              <NightItem item={item} />
            </li>
          ))}
        </ol>
        {older !== null && (
          <p>
            <a href={older} rel="next">
              Older nights
            </a>
          </p>
        )}
      </>
    ),
  });
}

function NightItem({ item: { night, report } }: { item: NightListItem }) {
  const sentence = verdictSentence(outcomeOf(night, report));
  return (
    <article>
      <h2>
        <NightLink runId={night.runId} label={<MarkedSentence of={wordOf(night)} sentence={sentence} />} />
      </h2>
      <p class="faint">
        <When at={night.startedAt} />
        {night.signatureId && (
          <>
            {' · '}
            <SignatureLink signatureId={night.signatureId} />
          </>
        )}
        {restWords(night, report?.gate ?? null)}
      </p>
    </article>
  );
}

/** Measured gain where the sentence does not have it, duration, and tests. */
function restWords({ verdict, running, until, startedAt, summary }: Night, gate: GateReport | null): string {
  const measured = gate?.passed && verdict !== 'promoted' ? `measured ${gainFigures(gate)}` : '';
  const took = `${duration(until - startedAt)}${running ? ' so far' : ''}`;
  const tests = summary?.counts ? testWords(summary.counts) : '';
  return ['', measured, took, tests].filter((word, at) => at === 0 || word).join(' · ');
}

function testWords(counts: TestCounts): string {
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
  return counts.passed === all ? `${counted(all, 'test')} passed` : `tests: ${countWords(counts)}`;
}

function NothingYet() {
  return (
    <div class="nothing">
      <p class="lead">No night has run here yet.</p>
      <p>Start one, and its story appears on this page while it runs:</p>
      <pre>
        <code>npm run overnight</code>
      </pre>
      <p class="faint">
        That is short for <code>npx playwright test --project overnight</code>: it seeds the examples,
        searches for a better prompt, tries it on some users, and promotes it only if every check holds.
      </p>
    </div>
  );
}
