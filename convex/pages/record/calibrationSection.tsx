/** @jsxImportSource hono/jsx */
import type { Calibration } from '../../calibration.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { ArtifactLink, EvalLink, SignatureLink } from '../pieces/links.tsx';
import { Section } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import { percent } from '../wording/figures.ts';
import { AnchorAgreement } from './anchorAgreement.tsx';

/** Whether a signature's judge may decide, its measurements, and what the newest of them found. */
export function CalibrationSection({ calibration }: { calibration: Calibration }) {
  const { judgeId, compiledId, model, trust, measurements } = calibration;
  const [newest] = measurements;
  return (
    <>
      <Section id="judge" title="Calibration of the judge">
        <p>
          <Mark
            of={trust.trusted ? 'passed' : 'hold'}
            text={trust.trusted ? 'may decide' : 'may not decide'}
          />{' '}
          {trust.reason}
        </p>
        <p>
          Answers are graded by <SignatureLink signatureId={judgeId} /> on {model}
          {newest && (
            <>
              , pinned as <ArtifactLink compiledId={compiledId} />
            </>
          )}
          .
        </p>
        {newest && (
          <DataTable
            caption="Measurements of the judge on its anchors, newest first"
            columns={[
              { head: 'When', narrow: true },
              { head: 'Anchors', figures: true },
              { head: 'Rank correlation', figures: true },
              { head: 'Least told apart', figures: true },
              { head: 'Evaluation', wide: true },
            ]}
            rows={measurements.map(({ at, evalId, agreement }) => [
              <When at={at} />,
              String(agreement.n),
              agreement.ranks === null ? 'none' : agreement.ranks.value.toFixed(2),
              leastToldApart(agreement.byTag),
              <EvalLink evalId={evalId} />,
            ])}
          />
        )}
      </Section>
      {newest && <AnchorAgreement agreement={newest.agreement} />}
    </>
  );
}

/** The kind of fault that is told from good the least. */
function leastToldApart(byTag: Calibration['measurements'][number]['agreement']['byTag']): string {
  const values = byTag.flatMap(({ toldApart }) => (toldApart === null ? [] : [toldApart.value]));
  return values.length === 0 ? 'none' : percent(Math.min(...values));
}
