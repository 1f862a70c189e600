/** @jsxImportSource hono/jsx */
import type { CanaryView } from '../../../loop/contract/canary.ts';
import type { GateFigures } from '../../../loop/contract/compile.ts';
import type { Artifact } from '../../../loop/contract/params.ts';
import type { Calibration } from '../../calibration.ts';
import type { EvalLine, Part } from '../../signatureView.ts';
import { PerLabel } from '../night/flips.tsx';
import { ArtifactLink } from '../pieces/links.tsx';
import { page } from '../pieces/page.tsx';
import { When } from '../pieces/when.tsx';
import type { Problems } from '../stored.ts';
import { pageOf, signatureName } from '../wording/links.ts';
import { ArtifactParams } from './artifactPage.tsx';
import { CalibrationSection } from './calibrationSection.tsx';
import {
  Canaries,
  Evals,
  type MoveLine,
  Moves,
  type ReportLine,
  Reports,
  type RevisionLine,
  Revisions,
} from './signatureLists.tsx';

/** What a signature's page shows; `?format=json` answers it. */
export interface SignatureView {
  readonly signatureId: string;
  readonly active: { readonly compiledId: string; readonly since: number } | null;
  readonly artifact: Artifact | null;
  /** What the sealed examples said when the active artifact was promoted. */
  readonly gate: GateFigures | null;
  readonly calibration: Calibration | null;
  readonly moves: Part<MoveLine>;
  readonly openCanary: CanaryView | null;
  readonly canaries: Part<CanaryView>;
  readonly reports: Part<ReportLine>;
  readonly revisions: Part<RevisionLine>;
  readonly evals: Part<EvalLine>;
  readonly problems: Problems;
}

/** What a signature runs now and how it came to that. */
export function signaturePage(view: SignatureView, json: string) {
  const { signatureId, active, artifact, gate, calibration } = view;
  return page({
    title: signatureName(signatureId),
    kicker: <code>{signatureId}</code>,
    heading: `${signatureName(signatureId)}: what runs now`,
    problems: view.problems,
    json,
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
          between them. <a href={pageOf.nightsOf({ signatureId, outcome: null })}>Its nights</a>.
        </p>
        <Moves moves={view.moves} />
        {gate && (
          <PerLabel
            gate={gate}
            lead={`The active artifact against the one before it, on the ${gate.n} sealed examples of its promotion.`}
          />
        )}
        {calibration && <CalibrationSection calibration={calibration} />}
        <Canaries open={view.openCanary} canaries={view.canaries} />
        <Reports signatureId={signatureId} reports={view.reports} />
        <Revisions signatureId={signatureId} revisions={view.revisions} />
        <Evals evals={view.evals} />
        {artifact && <ArtifactParams artifact={artifact} />}
      </>
    ),
  });
}
