/** @jsxImportSource hono/jsx */
import { raw } from 'hono/html';
import type { CanaryView, SoakView } from '../../../loop/contract/canary.ts';
import type { JobProgress } from '../../../loop/contract/compile.ts';
import type { TestCounts, TestFacts } from '../../../loop/contract/opsRun.ts';
import { LinkedText } from '../pieces/linkedText.tsx';
import { ArtifactLink, NightLink, SignatureLink } from '../pieces/links.tsx';
import { page, Section } from '../pieces/page.tsx';
import { Mark, MarkedSentence } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import type { Problems } from '../stored.ts';
import { counted, duration, percent, whole } from '../wording/figures.ts';
import { timeLeftWords } from '../wording/timeLeft.ts';
import { type NightOutcome, verdictSentence, verdictWords } from '../wording/verdictSentence.ts';
import type { CanaryChange } from './canaryChanges.tsx';
import type { CanaryCourse } from './canaryCourse.ts';
import { CanarySection } from './canarySection.tsx';
import type { Night } from './nightModel.ts';
import type { ReportSections } from './reportSections.tsx';
import { type GateDecision, safetyChecks } from './safety.ts';
import { countWords, TestResults } from './testResults.tsx';
import { type NightEvent, Timeline } from './timeline.tsx';

/** A move of the active pointer. */
export interface Move {
  readonly action: 'promote' | 'rollback';
  readonly fromCompiledId: string;
  readonly toCompiledId: string;
  readonly actor: string;
  readonly reason: string;
  readonly runId: string | null;
  readonly at: number;
}

/** What one night's page shows besides its compile report; `?format=json` answers both. */
export interface NightView {
  readonly now: number;
  readonly night: Night;
  readonly progress: JobProgress | null;
  /** Until a running night ends; null when that is not known. */
  readonly timeLeftMs: number | null;
  readonly canaries: readonly CanaryView[];
  readonly courses: readonly CanaryCourse[];
  readonly changes: readonly CanaryChange[];
  readonly soak: SoakView | null;
  readonly moves: readonly Move[];
  readonly tests: readonly TestFacts[];
  readonly counts: TestCounts;
  readonly moreTests: string | null;
  readonly events: readonly NightEvent[];
  readonly moreEvents: string | null;
  readonly problems: Problems;
}

/** Seconds between loads in browsers without JavaScript. */
const REFRESH_SECONDS = 15;

/** The story of one night. */
export function nightPage(view: NightView, report: ReportSections | null, json: string) {
  const { night, now } = view;
  const gate = report?.gate ?? null;
  const sentence = verdictSentence(outcomeOf(night, gate));
  return page({
    title: `${verdictWords[wordOf(night)]}: night ${night.runId}`,
    description: sentence,
    kicker: <Kicker night={night} />,
    heading: <MarkedSentence of={wordOf(night)} sentence={sentence} />,
    json,
    live: night.running,
    refreshSeconds: night.running ? REFRESH_SECONDS : undefined,
    problems: view.problems,
    children: (
      <>
        <Status view={view} />
        {report && raw(report.gain)}
        <Safety view={view} gate={gate} />
        {report && raw(report.changes)}
        {view.canaries.map((canary, at) => (
          <CanarySection
            canary={canary}
            course={view.courses.find(course => course.canaryId === canary.canaryId) ?? null}
            changes={view.changes.filter(change => change.canaryId === canary.canaryId)}
            soak={view.soak?.canaryId === canary.canaryId ? view.soak : null}
            now={now}
            at={at}
          />
        ))}
        {report && raw(report.candidates)}
        <Timeline night={night} events={view.events} more={view.moreEvents} />
        <TestResults runId={night.runId} tests={view.tests} counts={view.counts} more={view.moreTests} />
        {report && raw(report.cost)}
      </>
    ),
  });
}

/** The word a night is marked with. */
export function wordOf(night: Night): keyof typeof verdictWords {
  return night.running ? 'running' : (night.verdict ?? 'unknown');
}

/** What the sentence of a night needs. */
export function outcomeOf(night: Night, gate: GateDecision | null): NightOutcome {
  const { verdict, reason, signatureId, phase, running, summary } = night;
  const holdout = summary?.result?.holdout ?? null;
  return { verdict, reason, signatureId, phase, running, gate, holdout };
}

function Kicker({ night }: { night: Night }) {
  return (
    <>
      {night.signatureId ? (
        <>
          <SignatureLink signatureId={night.signatureId} /> · night
        </>
      ) : (
        'Night'
      )}{' '}
      of <When at={night.startedAt} />, {duration(night.until - night.startedAt)}
      {night.running ? ' so far' : ''} · <NightLink runId={night.runId} />
    </>
  );
}

function Status({ view }: { view: NightView }) {
  const { night, progress, timeLeftMs, moves } = view;
  return (
    <>
      {timeLeftMs !== null && (
        <p>
          The {night.phase} phase is under way, {timeLeftWords(timeLeftMs)}, going by earlier nights and the
          pace so far.
        </p>
      )}
      {progress && (
        <p>
          Compiling ({progress.phase}): {counted(progress.candidates, 'candidate')} so far,{' '}
          {whole(progress.modelCalls)} model calls, {whole(progress.cachedCalls)} from the ledger
          {progress.best === null ? '' : `, best so far ${percent(progress.best)}`}.
        </p>
      )}
      {!night.running && night.verdict === 'promoted' && moves.length === 0 && night.reason && (
        <p class="lead">
          <LinkedText text={night.reason} of={night} />
        </p>
      )}
      {moves.map(move => (
        <p>
          <When at={move.at} />: {move.action === 'promote' ? 'promoted' : 'rolled back'} from{' '}
          <ArtifactLink compiledId={move.fromCompiledId} /> to <ArtifactLink compiledId={move.toCompiledId} />
          .{' '}
          <span class="faint">
            <LinkedText text={move.reason} of={night} />
          </span>
        </p>
      ))}
      {!night.running && (
        <p class="faint">
          Tests: <a href="#tests">{countWords(view.counts)}</a>.
        </p>
      )}
    </>
  );
}

function Safety({ view, gate }: { view: NightView; gate: GateDecision | null }) {
  const { night, canaries, counts } = view;
  const checks = safetyChecks({ night, gate, canary: canaries[0] ?? null, soak: view.soak, tests: counts });
  return (
    <Section id="safety" title={night.verdict === 'promoted' ? 'Why it was safe' : 'What stood guard'}>
      <ul class="checks">
        {checks.map(({ held, what, detail }) => (
          <li>
            <Mark
              of={held === null ? 'kept' : held ? 'passed' : 'failed'}
              text={held === null ? (night.running ? 'open' : 'not reached') : held ? 'held' : 'did not hold'}
            />
            <div>
              <strong>{what}.</strong> <LinkedText text={detail} of={night} />
            </div>
          </li>
        ))}
      </ul>
    </Section>
  );
}
