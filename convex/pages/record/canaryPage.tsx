/** @jsxImportSource hono/jsx */
import type { CanaryView, SoakView } from '../../../loop/contract/canary.ts';
import type { CanaryChange } from '../night/canaryChanges.tsx';
import type { CanaryCourse } from '../night/canaryCourse.ts';
import { CanarySection } from '../night/canarySection.tsx';
import { NightLink, ReportLink, SignatureLink } from '../pieces/links.tsx';
import { page } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import { signatureTitle } from '../wording/links.ts';

/** What a canary's page shows; `?format=json` answers it. */
export interface CanaryPageView {
  readonly now: number;
  readonly canary: CanaryView;
  readonly course: CanaryCourse;
  readonly changes: readonly CanaryChange[];
  readonly soak: SoakView | null;
}

/** One canary: both arms, how it was decided, and what it rests on. */
export function canaryPage(view: CanaryPageView) {
  const { canary } = view;
  const running = canary.status === 'running';
  return page({
    title: `Canary ${canary.canaryId}`,
    kicker: (
      <>
        Canary of <SignatureLink signatureId={canary.signatureId} />, <When at={canary.startedAt} />
      </>
    ),
    heading: (
      <>
        A new prompt of {signatureTitle(canary.signatureId)} on some users:{' '}
        <Mark of={canary.verdict.verdict} /> {running && 'so far'}
      </>
    ),
    live: running,
    children: (
      <>
        <p>
          Part of the night <NightLink runId={canary.runId} />; the new prompt is the winner of compile report{' '}
          <ReportLink reportId={canary.reportId} />.
        </p>
        <CanarySection {...view} at={0} />
      </>
    ),
  });
}
