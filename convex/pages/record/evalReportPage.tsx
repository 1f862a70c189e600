/** @jsxImportSource hono/jsx */
import type { EvalJob, EvalReport, EvalRow } from '../../../loop/contract/eval.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { Facts } from '../pieces/facts.tsx';
import { IntervalBar } from '../pieces/intervalBar.tsx';
import { LinkedText } from '../pieces/linkedText.tsx';
import { ArtifactLink, ReceiptLink, RevisionLink, RowLink, SignatureLink } from '../pieces/links.tsx';
import { page, Section } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import { counted, dollars, duration, percent, whole } from '../wording/figures.ts';
import { signatureTitle } from '../wording/links.ts';
import { plainInput, plainOutput, plainText } from '../wording/plainJson.ts';
import { rightOf } from '../wording/verdictSentence.ts';
import { AnchorAgreement, agreementSentence } from './anchorAgreement.tsx';

// As many as a person reads at once, and as many as a page carries; the rest is in its JSON.
const SHOWN_AT_ONCE = 12;
const MOST_SHOWN = 200;

/** What an evaluation's page shows; `?format=json` answers it. */
export interface EvalView {
  readonly eval: EvalJob;
  readonly report: EvalReport | null;
}

/** How one artifact did on one open split, or a judge on its anchors; or how far the evaluation is. */
export function evalReportPage({ eval: job, report }: EvalView) {
  const title = signatureTitle(job.signatureId);
  const over = job.status !== 'queued' && job.status !== 'running';
  return page({
    title: `Evaluation ${job.evalId}`,
    kicker: (
      <>
        Evaluation of <SignatureLink signatureId={job.signatureId} /> on {job.split},{' '}
        <When at={job.startedAt} />
      </>
    ),
    heading: report === null ? `${title} on ${job.split}: ${job.status}` : headingOf(title, report),
    ...(over ? {} : { refreshSeconds: 5 }),
    children: (
      <>
        {report?.anchors && <p class="lead">{agreementSentence(report.anchors.agreement)}</p>}
        {job.error && (
          <p class="error">
            <LinkedText text={job.error.message} />
          </p>
        )}
        {report === null ? <Unfinished job={job} /> : <Found report={report} />}
      </>
    ),
  });
}

function headingOf(title: string, { score, split, kind, anchors }: EvalReport): string {
  if (anchors) return `${title} measured on ${counted(score.n, 'anchor')}`;
  return kind === 'exact'
    ? `${title} answers ${rightOf(score.mean, score.n)} ${split} examples right`
    : `${title} scores ${percent(score.mean)} on ${counted(score.n, `${split} example`)}`;
}

function Unfinished({ job: { compiledId, progress, status } }: { job: EvalJob }) {
  return (
    <Facts
      facts={[
        ['Status', <Mark of={status} />],
        ['Artifact', <ArtifactLink compiledId={compiledId} />],
        ['Rows', whole(progress.rows)],
        ['Model calls', `${whole(progress.modelCalls)} made, ${whole(progress.cachedCalls)} from the ledger`],
      ]}
    />
  );
}

function Found({ report }: { report: EvalReport }) {
  const { score, progress, judge } = report;
  const interval = `${percent(score.mean)}, 95\u00a0% interval ${percent(score.low)} to ${percent(score.high)}`;
  return (
    <>
      {report.anchors && <AnchorAgreement agreement={report.anchors.agreement} />}
      <Section
        id="score"
        title={report.anchors ? 'Distance from the labels' : 'Score'}
        lead={
          report.anchors
            ? `Score and label are ${percent(1 - score.mean)} of the scale apart on average.`
            : `${interval}.`
        }
      >
        <IntervalBar low={score.low} value={score.mean} high={score.high} from={0} to={1} label={interval} />
        <Facts
          facts={[
            ['Artifact', <ArtifactLink compiledId={report.compiledId} />],
            ['Model', report.model],
            ['Reward', <code>{report.reward}</code>],
            [
              'Judge',
              judge && (
                <>
                  {judge.model}, pinned as <ArtifactLink compiledId={judge.compiledId} />
                </>
              ),
            ],
            ['Without an answer', counted(report.errors, 'row')],
            [
              'Left out',
              report.shown.length > 0 ? `${counted(report.shown.length, 'row')} that its prompt shows` : null,
            ],
            [
              'Data revision',
              <RevisionLink signatureId={report.signatureId} datasetHash={report.datasetHash} />,
            ],
            [
              'Model calls',
              `${whole(progress.modelCalls)} made, ${whole(progress.cachedCalls)} answered by the ledger of earlier calls`,
            ],
            ['Tokens and cost', `${whole(progress.tokens)}, ${dollars(progress.costUsd)}`],
            ['Time', duration(report.durationMs)],
          ]}
        />
      </Section>
      {report.perLabel.length > 0 && (
        <Section id="labels" title="By kind of answer">
          <DataTable
            compact
            caption="Mean score for each expected answer"
            columns={[
              { head: 'Expected answer' },
              { head: 'Examples', figures: true },
              { head: 'Score', figures: true },
            ]}
            rows={report.perLabel.map(({ label, n, mean }) => [
              <code>{label}</code>,
              String(n),
              percent(mean),
            ])}
          />
        </Section>
      )}
      <Rows rows={report.rows} signatureId={report.signatureId} />
    </>
  );
}

interface RowsProps {
  readonly rows: readonly EvalRow[];
  readonly signatureId: string;
}

function Rows({ rows, signatureId }: RowsProps) {
  const shown = rows.slice(0, MOST_SHOWN);
  const more = shown.slice(SHOWN_AT_ONCE);
  return (
    <Section id="rows" title="Every row, lowest score first" lead="Scores link to their receipts.">
      <RowTable
        rows={shown.slice(0, SHOWN_AT_ONCE)}
        signatureId={signatureId}
        caption="Rows with the lowest scores"
      />
      {more.length > 0 && (
        <details id="more-rows">
          <summary>{counted(more.length, 'more row')}</summary>
          <RowTable rows={more} signatureId={signatureId} caption="More rows" />
        </details>
      )}
      {rows.length > MOST_SHOWN && (
        <p class="faint">{counted(rows.length - MOST_SHOWN, 'row')} more are in this page’s JSON.</p>
      )}
    </Section>
  );
}

function RowTable({ rows, signatureId, caption }: RowsProps & { caption: string }) {
  return (
    <DataTable
      caption={caption}
      columns={[
        { head: 'Input', wide: true },
        { head: 'Expected', wide: true },
        { head: 'Answer', wide: true },
        { head: 'Score', figures: true, narrow: true },
      ]}
      rows={rows.map(row => [
        <>
          {plainText(row.input, value => plainInput(value).main)}
          <span class="under faint">
            <RowLink signatureId={signatureId} exampleId={row.exampleId} />
            {row.tags.map(tag => ` · ${tag}`)}
          </span>
        </>,
        <code>{plainText(row.expected, plainOutput)}</code>,
        <>
          {row.output === null ? (
            <Mark of="failed" text={row.errorCode ?? 'none'} />
          ) : (
            <code>{plainText(row.output, plainOutput)}</code>
          )}
          {row.notes && <span class="under faint">{row.notes}</span>}
        </>,
        row.receiptId === null ? (
          percent(row.score)
        ) : (
          <ReceiptLink receiptId={row.receiptId} label={percent(row.score)} />
        ),
      ])}
    />
  );
}
