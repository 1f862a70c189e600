/** @jsxImportSource hono/jsx */
import type { CompileReport } from '../../../loop/contract/compile.ts';
import type { TestCounts } from '../../../loop/contract/opsRun.ts';
import { NightLink, SignatureLink } from '../pieces/links.tsx';
import { page } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import type { Problems } from '../stored.ts';
import { counted, duration } from '../wording/figures.ts';
import { gainFigures, verdictSentence, verdictWords } from '../wording/verdictSentence.ts';
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
  const { summary, running } = night;
  const gate = report?.gate;
  return (
    <article>
      <p class="kicker">
        <Mark of={wordOf(night)} text={verdictWords[wordOf(night)]} /> <When at={night.startedAt} />
      </p>
      <h2>
        <NightLink runId={night.runId} label={verdictSentence(outcomeOf(night, report))} />
      </h2>
      <p class="faint">
        {night.signatureId && <SignatureLink signatureId={night.signatureId} />}
        {gate && night.verdict !== 'promoted' && ` · measured ${gainFigures(gate)}`}
        {` · ${duration(night.until - night.startedAt)}${running ? ' so far' : ''}`}
        {summary?.counts && ` · ${testWords(summary.counts)}`}
      </p>
    </article>
  );
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
