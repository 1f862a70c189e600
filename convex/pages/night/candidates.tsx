/** @jsxImportSource hono/jsx */
import { signatureById } from '../../../loop/catalog/catalog.ts';
import type { CandidateReport, CompileReport, Score } from '../../../loop/contract/compile.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { Facts } from '../pieces/facts.tsx';
import { ArtifactLink, ReportLink, RevisionLink, RowLink } from '../pieces/links.tsx';
import { Section } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { counted, dollars, duration, percent, whole } from '../wording/figures.ts';
import { rightOf } from '../wording/verdictSentence.ts';

/** Every prompt that was tried, and why it won or was dropped. */
export function Candidates({ report }: { report: CompileReport }) {
  const { signatureId } = report;
  const rows = shownRows(report);
  return (
    <Section
      id="candidates"
      title="Candidates tried"
      lead="Training examples search, dev examples pick the finalist. These scores chose the winner, so they are never the gain."
    >
      <DataTable
        caption="Candidates with their scores and the reason for each verdict"
        columns={[
          { head: 'Candidate' },
          { head: 'Train right', figures: true, narrow: true },
          { head: 'Dev right', figures: true, narrow: true },
          { head: 'Errors', figures: true, narrow: true },
          { head: 'Verdict and why', wide: true },
        ]}
        rows={report.candidates.map(candidate => [
          <Origin candidate={candidate} signatureId={signatureId} rows={rows} />,
          <ScoreCell score={candidate.train} absent="not all run" />,
          <ScoreCell score={candidate.dev} absent="not run" />,
          String(candidate.errors),
          <>
            <Mark of={candidate.verdict} /> {candidate.why}
          </>,
        ])}
      />
    </Section>
  );
}

/** What the search took. */
export function Cost({ report }: { report: CompileReport }) {
  const { progress } = report;
  return (
    <Section id="cost" title="What it took">
      <Facts
        facts={[
          ['Model', report.model],
          ['Search time', duration(report.durationMs)],
          ['Candidates', whole(progress.candidates)],
          [
            'Model calls',
            `${whole(progress.modelCalls)} made, ${whole(progress.cachedCalls)} answered by the ledger of earlier calls`,
          ],
          ['Tokens', whole(progress.tokens)],
          ['Cost', dollars(progress.costUsd)],
          [
            'Examples',
            Object.entries(report.splits)
              .map(([split, n]) => `${split} ${n}`)
              .join(', '),
          ],
          ['Why it ended', report.stopReason],
          ['Set aside', <SetAside report={report} />],
          [
            'Data revision',
            <RevisionLink signatureId={report.signatureId} datasetHash={report.datasetHash} />,
          ],
          ['Compile report', <ReportLink reportId={report.reportId} />],
        ]}
      />
    </Section>
  );
}

function SetAside({ report: { setAside, signatureId } }: { report: CompileReport }) {
  if (setAside.length === 0) return <>no example</>;
  const them = setAside.length === 1 ? 'it' : 'them';
  return (
    <>
      {setAside.map(({ exampleId, split, errorCode }, at) => (
        <>
          {at > 0 && ', '}
          <RowLink signatureId={signatureId} exampleId={exampleId} /> ({split}, {errorCode})
        </>
      ))}
      : today’s prompt got no answer to {them}, so nobody was judged on {them}
    </>
  );
}

/** Rows of the data set that candidates show; what the signature ships with is in no data set. */
function shownRows({ signatureId, candidates }: CompileReport): ReadonlySet<string> {
  const shipped = signatureById(signatureId)?.defaults.fewShots.map(shot => shot.exampleId) ?? [];
  const shown = new Set(candidates.flatMap(({ fewShots }) => fewShots));
  for (const exampleId of shipped) shown.delete(exampleId);
  return shown;
}

interface OriginProps {
  readonly candidate: CandidateReport;
  readonly signatureId: string;
  readonly rows: ReadonlySet<string>;
}

/** How a candidate was made, in words that name the rows it took, and what it is. */
function Origin({ candidate, signatureId, rows }: OriginProps) {
  return (
    <>
      {candidate.origin
        .split(/([\w.:@-]+)/)
        .map(word => (rows.has(word) ? <RowLink signatureId={signatureId} exampleId={word} /> : word))}
      <span class="under faint">
        <ArtifactLink compiledId={candidate.compiledId} /> ·{' '}
        {counted(candidate.fewShots.length, 'worked example')}
      </span>
    </>
  );
}

/** A score; a candidate dropped half-way through the train examples has none, as those it ran first are the hard ones. */
function ScoreCell({ score, absent }: { score: Score | null; absent: string }) {
  if (score === null) return <span class="faint">{absent}</span>;
  return (
    <>
      {rightOf(score.mean, score.n)}
      <span class="under faint">
        {percent(score.low).replace(' %', '')} to {percent(score.high)}
      </span>
    </>
  );
}
