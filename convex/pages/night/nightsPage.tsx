/** @jsxImportSource hono/jsx */
import { catalog } from '../../../loop/catalog/catalog.ts';
import { type TestCounts, verdictSchema } from '../../../loop/contract/opsRun.ts';
import { NightLink, SignatureLink } from '../pieces/links.tsx';
import { page } from '../pieces/page.tsx';
import { MarkedSentence } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import type { Problems } from '../stored.ts';
import { counted, dollars, duration } from '../wording/figures.ts';
import { pageOf, signatureName } from '../wording/links.ts';
import { verdictWords } from '../wording/verdictSentence.ts';
import type { NightLine } from './nightLine.ts';
import { countWords } from './testResults.tsx';

/** Which nights are listed; null for any. */
export interface NightFilter {
  readonly signatureId: string | null;
  /** `running` or a verdict. */
  readonly outcome: string | null;
}

/** What the list shows; `?format=json` answers it. */
export interface NightsView {
  readonly nights: readonly NightLine[];
  readonly filter: NightFilter;
  /** Address of older nights; null at the end. */
  readonly older: string | null;
  readonly problems: Problems;
}

/** All nights, newest first, each in one sentence. */
export function nightsPage({ nights, filter, older, problems }: NightsView, json: string) {
  const narrowed = filter.signatureId !== null || filter.outcome !== null;
  return page({
    title: 'Nights',
    heading: 'What improved overnight',
    problems,
    json,
    children: (
      <>
        {(nights.length > 0 || narrowed) && <Filters filter={filter} />}
        {nights.length === 0 && (narrowed ? <NoneLikeThis /> : <NothingYet />)}
        <ol class="nights">
          {nights.map(night => (
            <li>
              <NightItem night={night} />
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

function Filters({ filter }: { filter: NightFilter }) {
  const signatures = catalog.filter(signature => signature.search).map(({ id }) => id);
  return (
    <nav aria-label="Which nights" class="filters">
      <Choice
        name="Outcome"
        options={(['running', ...verdictSchema.options] as const).map(word => [word, verdictWords[word]])}
        chosen={filter.outcome}
        address={outcome => pageOf.nightsOf({ ...filter, outcome })}
      />
      <Choice
        name="Signature"
        options={signatures.map(id => [id, signatureName(id)])}
        chosen={filter.signatureId}
        address={signatureId => pageOf.nightsOf({ ...filter, signatureId })}
      />
    </nav>
  );
}

interface ChoiceProps {
  readonly name: string;
  readonly options: readonly (readonly [value: string, words: string])[];
  readonly chosen: string | null;
  readonly address: (value: string | null) => string;
}

function Choice({ name, options, chosen, address }: ChoiceProps) {
  const all: ChoiceProps['options'][number] = ['', 'Any'];
  return (
    <p>
      <span class="faint">{name}</span>{' '}
      {[all, ...options].map(([value, words]) => (
        <a href={address(value || null)} aria-current={value === (chosen ?? '') ? 'true' : undefined}>
          {words}
        </a>
      ))}
    </p>
  );
}

function NightItem({ night }: { night: NightLine }) {
  const word = night.running ? 'running' : (night.verdict ?? 'unknown');
  return (
    <article>
      <h2>
        <NightLink runId={night.runId} label={<MarkedSentence of={word} sentence={night.sentence} />} />
      </h2>
      <p class="faint">
        <When at={night.startedAt} />
        {night.signatureId && (
          <>
            {' · '}
            <SignatureLink signatureId={night.signatureId} />
          </>
        )}
        {restWords(night)}
      </p>
    </article>
  );
}

/** Measured gain where the sentence does not have it, duration, cost and tests. */
function restWords({ measured, durationMs, running, modelCalls, costUsd, tests }: NightLine): string {
  const words = [
    measured && `measured ${measured}`,
    `${duration(durationMs)}${running ? ' so far' : ''}`,
    modelCalls !== null && `${counted(modelCalls, 'model call')}, ${dollars(costUsd)}`,
    tests && testWords(tests),
  ];
  return ['', ...words.filter(Boolean)].join(' · ');
}

function testWords(counts: TestCounts): string {
  const all = Object.values(counts).reduce((sum, n) => sum + n, 0);
  return counts.passed === all ? `${counted(all, 'test')} passed` : `tests: ${countWords(counts)}`;
}

function NoneLikeThis() {
  return (
    <p class="lead nothing">
      No night is like this. <a href={pageOf.nights}>Show all nights</a>
    </p>
  );
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
        That is short for <code>npx playwright test --project=overnight</code>: it seeds the examples,
        searches for a better prompt, tries it on some users, and promotes it only if every check holds.
      </p>
    </div>
  );
}
