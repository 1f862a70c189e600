/** @jsxImportSource hono/jsx */
import type { CanaryView } from '../../../loop/contract/canary.ts';
import type { EvalJob } from '../../../loop/contract/eval.ts';
import type { Artifact } from '../../../loop/contract/params.ts';
import type { Move } from '../night/nightPage.tsx';
import { DataTable } from '../pieces/dataTable.tsx';
import { LinkedText } from '../pieces/linkedText.tsx';
import { ArtifactLink, EvalLink, NightLink, ReportLink } from '../pieces/links.tsx';
import { page, Section } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import type { Problems } from '../stored.ts';
import { percent, whole } from '../wording/figures.ts';
import { pageOf, signatureName } from '../wording/links.ts';
import { ArtifactParams } from './artifactPage.tsx';

/** A compile report in a list. */
export interface ReportLine {
  readonly reportId: string;
  readonly decision: 'improved' | 'kept';
  readonly winnerCompiledId: string;
  readonly createdAt: number;
}

/** An evaluation in a list. */
export type EvalLine = EvalJob & { readonly score: number | null };

/** What a signature's page shows; `?format=json` answers it. */
export interface SignatureView {
  readonly signatureId: string;
  readonly active: { readonly compiledId: string; readonly since: number } | null;
  readonly artifact: Artifact | null;
  readonly moves: readonly Move[];
  readonly canaries: readonly CanaryView[];
  readonly reports: readonly ReportLine[];
  readonly evals: readonly EvalLine[];
  readonly problems: Problems;
}

/** What a signature runs now and how it came to that. */
export function signaturePage(view: SignatureView) {
  const { signatureId, active, artifact } = view;
  return page({
    title: signatureName(signatureId),
    kicker: <code>{signatureId}</code>,
    heading: `${signatureName(signatureId)}: what runs now`,
    problems: view.problems,
    children: (
      <>
        {active === null ? (
          <p class="lead">Its default prompt: nothing has been promoted here.</p>
        ) : (
          <p class="lead">
            Artifact <ArtifactLink compiledId={active.compiledId} />, since <When at={active.since} />.
          </p>
        )}
        <p>
          <a href={pageOf.dataset(signatureId)}>Its data set</a>: rows per label, revisions, and what changed
          between them.
        </p>
        <Moves moves={view.moves} />
        <Canaries canaries={view.canaries} />
        <Reports reports={view.reports} />
        <Evals evals={view.evals} />
        {artifact && <ArtifactParams artifact={artifact} />}
      </>
    ),
  });
}

function Moves({ moves }: { moves: readonly Move[] }) {
  return (
    <Section id="moves" title="Promotions and rollbacks">
      {moves.length === 0 ? (
        <p class="faint">None yet.</p>
      ) : (
        <DataTable
          caption="Moves of the active artifact, newest first"
          columns={[
            { head: 'When', narrow: true },
            { head: 'Move', narrow: true },
            { head: 'From', narrow: true },
            { head: 'To', narrow: true },
            { head: 'Why', wide: true },
            { head: 'By', narrow: true },
          ]}
          rows={moves.map(move => [
            <When at={move.at} />,
            <Mark of={move.action === 'promote' ? 'promoted' : 'rolled_back'} />,
            <ArtifactLink compiledId={move.fromCompiledId} />,
            <ArtifactLink compiledId={move.toCompiledId} />,
            <LinkedText text={move.reason} of={{ runId: move.runId }} />,
            move.runId === null ? move.actor : <NightLink runId={move.runId} />,
          ])}
        />
      )}
    </Section>
  );
}

function Canaries({ canaries }: { canaries: readonly CanaryView[] }) {
  return (
    <Section id="canaries" title="Recent canaries">
      {canaries.length === 0 ? (
        <p class="faint">None yet.</p>
      ) : (
        <DataTable
          caption="Canaries, open ones first, then newest first"
          columns={[
            { head: 'Started', narrow: true },
            { head: 'Verdict', narrow: true },
            { head: 'Control messages', figures: true },
            { head: 'Canary messages', figures: true },
            { head: 'Why it ended', wide: true },
            { head: 'Night', narrow: true },
          ]}
          rows={canaries.map(canary => [
            <When at={canary.startedAt} />,
            <>
              <Mark of={canary.verdict.verdict} />
              {canary.status === 'running' && ' so far'}
            </>,
            whole(canary.counts.control.n),
            whole(canary.counts.canary.n),
            <LinkedText text={canary.stopReason ?? 'still open'} of={canary} />,
            <NightLink runId={canary.runId} />,
          ])}
        />
      )}
    </Section>
  );
}

function Reports({ reports }: { reports: readonly ReportLine[] }) {
  return (
    <Section id="reports" title="Recent compile reports">
      {reports.length === 0 ? (
        <p class="faint">None yet.</p>
      ) : (
        <DataTable
          caption="Compile reports, newest first"
          columns={[
            { head: 'When', narrow: true },
            { head: 'Decision', narrow: true },
            { head: 'Winner', narrow: true },
            { head: 'Report', wide: true },
          ]}
          rows={reports.map(report => [
            <When at={report.createdAt} />,
            <Mark of={report.decision === 'improved' ? 'promoted' : 'kept'} text={report.decision} />,
            <ArtifactLink compiledId={report.winnerCompiledId} />,
            <ReportLink reportId={report.reportId} />,
          ])}
        />
      )}
    </Section>
  );
}

function Evals({ evals }: { evals: readonly EvalLine[] }) {
  return (
    <Section id="evals" title="Recent evaluations">
      {evals.length === 0 ? (
        <p class="faint">None yet.</p>
      ) : (
        <DataTable
          caption="Evaluations, newest first"
          columns={[
            { head: 'When', narrow: true },
            { head: 'On', narrow: true },
            { head: 'Rows', figures: true },
            { head: 'Score', figures: true },
            { head: 'Artifact', narrow: true },
            { head: 'Report', wide: true },
          ]}
          rows={evals.map(({ evalId, startedAt, split, progress, score, status, compiledId }) => [
            <When at={startedAt} />,
            split,
            whole(progress.rows),
            score === null ? status : percent(score),
            <ArtifactLink compiledId={compiledId} />,
            <EvalLink evalId={evalId} />,
          ])}
        />
      )}
    </Section>
  );
}
