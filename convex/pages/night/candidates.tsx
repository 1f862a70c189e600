/** @jsxImportSource hono/jsx */
import type { CandidateReport, CompileReport, Score } from '../../../loop/contract/compile.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { Facts } from '../pieces/facts.tsx';
import { ArtifactLink, ReportLink } from '../pieces/links.tsx';
import { Section } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { counted, dollars, duration, percent, whole } from '../wording/figures.ts';
import { rightOf } from '../wording/verdictSentence.ts';

/** Every prompt that was tried, and why it won or was dropped. */
export function Candidates({ report }: { report: CompileReport }) {
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
          <Origin candidate={candidate} />,
          <ScoreCell score={candidate.train} />,
          <ScoreCell score={candidate.dev} />,
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
          [
            'Set aside',
            report.setAside.length === 0
              ? 'no example'
              : `${report.setAside
                  .map(({ exampleId, split, errorCode }) => `${exampleId} (${split}, ${errorCode})`)
                  .join(
                    ', ',
                  )}: today’s prompt got no answer to ${report.setAside.length === 1 ? 'it' : 'them'}, so nobody was judged on ${report.setAside.length === 1 ? 'it' : 'them'}`,
          ],
          ['Data revision', <code title={report.datasetHash}>{report.datasetHash.slice(7, 19)}</code>],
          ['Compile report', <ReportLink reportId={report.reportId} />],
        ]}
      />
    </Section>
  );
}

function Origin({ candidate }: { candidate: CandidateReport }) {
  return (
    <>
      {candidate.origin}
      <span class="under faint">
        <ArtifactLink compiledId={candidate.compiledId} /> ·{' '}
        {counted(candidate.fewShots.length, 'worked example')}
      </span>
    </>
  );
}

function ScoreCell({ score }: { score: Score | null }) {
  if (score === null) return <span class="faint">not run</span>;
  return (
    <>
      {rightOf(score.mean, score.n)}
      <span class="under faint">
        {percent(score.low).replace(' %', '')} to {percent(score.high)}
      </span>
    </>
  );
}
