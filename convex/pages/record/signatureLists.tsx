/** @jsxImportSource hono/jsx */
import type { Child } from 'hono/jsx';
import type { CanaryView } from '../../../loop/contract/canary.ts';
import type { GateFigures } from '../../../loop/contract/compile.ts';
import type { Revision } from '../../../loop/contract/dataset.ts';
import type { EvalLine, Part } from '../../signatureView.ts';
import type { Move } from '../night/nightPage.tsx';
import { type Column, DataTable } from '../pieces/dataTable.tsx';
import { LinkedText } from '../pieces/linkedText.tsx';
import { ArtifactLink, CanaryLink, EvalLink, NightLink, ReportLink, RevisionLink } from '../pieces/links.tsx';
import { Section } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import { percent, whole } from '../wording/figures.ts';
import { gainFigures } from '../wording/verdictSentence.ts';

/** A move of the active pointer, and what it rests on. */
export interface MoveLine extends Move {
  readonly reportId: string | null;
  readonly canaryId: string | null;
  /** What the sealed examples said; null for a rollback, and where the move did not keep it. */
  readonly gate: GateFigures | null;
}

/** A compile report in a list. */
export interface ReportLine {
  readonly reportId: string;
  readonly decision: 'improved' | 'kept';
  readonly winnerCompiledId: string;
  readonly datasetHash: string;
  readonly createdAt: number;
}

/** A data revision in a list. */
export type RevisionLine = Pick<Revision, 'datasetHash' | 'counts' | 'pinnedAt'>;

interface ListProps {
  /** The list's name in the page's address and as an anchor. */
  readonly id: string;
  readonly title: string;
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Child[])[];
  readonly older: number | null;
}

/** One list of the page, and the way to its older part. */
function List({ id, title, caption, columns, rows, older }: ListProps) {
  return (
    <Section id={id} title={title}>
      {rows.length === 0 ? (
        <p class="faint">None yet.</p>
      ) : (
        <DataTable caption={caption} columns={columns} rows={rows} />
      )}
      {older !== null && (
        <p>
          <a href={`?${id}=${older}#${id}`} rel="next">
            Older ones
          </a>
        </p>
      )}
    </Section>
  );
}

/** Every artifact that became the active one, with its score before and after. */
export function Moves({ moves }: { moves: Part<MoveLine> }) {
  return (
    <List
      id="moves"
      title="Active artifacts and their scores"
      caption="Moves of the active artifact, newest first"
      columns={[
        { head: 'When', narrow: true },
        { head: 'Move', narrow: true },
        { head: 'From, to', narrow: true },
        { head: 'Right on sealed examples', wide: true },
        { head: 'Why', wide: true },
        { head: 'By', narrow: true },
      ]}
      rows={moves.rows.map(move => [
        <When at={move.at} />,
        <Mark of={move.action === 'promote' ? 'promoted' : 'rolled_back'} />,
        <>
          <ArtifactLink compiledId={move.fromCompiledId} />, <ArtifactLink compiledId={move.toCompiledId} />
        </>,
        <Scores move={move} />,
        <LinkedText text={move.reason} of={{ runId: move.runId }} />,
        move.runId === null ? move.actor : <NightLink runId={move.runId} />,
      ])}
      older={moves.older}
    />
  );
}

function Scores({ move: { gate, reportId, canaryId } }: { move: MoveLine }) {
  return (
    <>
      {gate ? (
        <>
          {percent(gate.before)} to {percent(gate.after)}
          <span class="under faint">
            {gainFigures(gate)}; n = {gate.n}
          </span>
        </>
      ) : (
        <span class="faint">not measured by this move</span>
      )}
      <span class="under faint">
        {reportId && <ReportLink reportId={reportId} label="report" />}
        {reportId && canaryId && ', '}
        {canaryId && <CanaryLink canaryId={canaryId} label="canary" />}
      </span>
    </>
  );
}

/** The open canary, if there is one, and those before it. */
export function Canaries({ open, canaries }: { open: CanaryView | null; canaries: Part<CanaryView> }) {
  return (
    <List
      id="canaries"
      title="Canaries"
      caption="Canaries, an open one first, then newest first"
      columns={[
        { head: 'Canary', narrow: true },
        { head: 'Verdict', narrow: true },
        { head: 'Control messages', figures: true },
        { head: 'Canary messages', figures: true },
        { head: 'Why it ended', wide: true },
        { head: 'Night', narrow: true },
      ]}
      rows={[...(open ? [open] : []), ...canaries.rows].map(canary => [
        <CanaryLink canaryId={canary.canaryId} label={<When at={canary.startedAt} />} />,
        <>
          <Mark of={canary.verdict.verdict} />
          {canary.status === 'running' && ' so far'}
        </>,
        whole(canary.counts.control.n),
        whole(canary.counts.canary.n),
        <LinkedText text={canary.stopReason ?? 'still open'} of={canary} />,
        <NightLink runId={canary.runId} />,
      ])}
      older={canaries.older}
    />
  );
}

/** What each compile decided. */
export function Reports({ signatureId, reports }: { signatureId: string; reports: Part<ReportLine> }) {
  return (
    <List
      id="reports"
      title="Compile reports"
      caption="Compile reports, newest first"
      columns={[
        { head: 'When', narrow: true },
        { head: 'Decision', narrow: true },
        { head: 'Winner', narrow: true },
        { head: 'Data', narrow: true },
        { head: 'Report', wide: true },
      ]}
      rows={reports.rows.map(report => [
        <When at={report.createdAt} />,
        <Mark of={report.decision === 'improved' ? 'promoted' : 'kept'} text={report.decision} />,
        <ArtifactLink compiledId={report.winnerCompiledId} />,
        <RevisionLink signatureId={signatureId} datasetHash={report.datasetHash} />,
        <ReportLink reportId={report.reportId} />,
      ])}
      older={reports.older}
    />
  );
}

interface RevisionsProps {
  readonly signatureId: string;
  readonly revisions: Part<RevisionLine>;
}

/** The data that it was judged by. */
export function Revisions({ signatureId, revisions }: RevisionsProps) {
  return (
    <List
      id="revisions"
      title="Data revisions"
      caption="Data revisions, newest first"
      columns={[
        { head: 'Pinned', narrow: true },
        { head: 'Revision', wide: true },
        ...['Train', 'Dev', 'Holdout', 'Canary'].map(head => ({ head, figures: true })),
      ]}
      rows={revisions.rows.map(({ pinnedAt, datasetHash, counts }) => [
        <When at={pinnedAt} />,
        <RevisionLink signatureId={signatureId} datasetHash={datasetHash} />,
        whole(counts.train),
        whole(counts.dev),
        whole(counts.holdout),
        whole(counts.canary),
      ])}
      older={revisions.older}
    />
  );
}

/** Evaluations of its artifacts on open splits. */
export function Evals({ evals }: { evals: Part<EvalLine> }) {
  return (
    <List
      id="evals"
      title="Evaluations"
      caption="Evaluations, newest first"
      columns={[
        { head: 'When', narrow: true },
        { head: 'On', narrow: true },
        { head: 'Rows', figures: true },
        { head: 'Score', figures: true },
        { head: 'Artifact', narrow: true },
        { head: 'Report', wide: true },
      ]}
      rows={evals.rows.map(({ evalId, at, split, rows, score, status, compiledId }) => [
        <When at={at} />,
        split,
        whole(rows),
        score === null ? status : percent(score),
        <ArtifactLink compiledId={compiledId} />,
        <EvalLink evalId={evalId} />,
      ])}
      older={evals.older}
    />
  );
}
