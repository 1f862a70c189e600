/** @jsxImportSource hono/jsx */
import { v } from 'convex/values';
import type { JSX } from 'hono/jsx/jsx-runtime';
import type { CompileReport } from '../../../loop/contract/compile.ts';
import { internalQuery } from '../../_generated/server.js';
import { reportRow } from '../../views.ts';
import type { Problems } from '../stored.ts';
import { Candidates, Cost } from './candidates.tsx';
import { Flips, PerLabel } from './flips.tsx';
import { GainSection } from './gainSection.tsx';
import { reportOf } from './nightModel.ts';
import { PromptDiff } from './promptDiff.tsx';
import { decisionOf, type GateDecision } from './safety.ts';

/** What a night's page shows of its compile report, as HTML, and the decision for the sentences around it. */
export interface ReportSections {
  readonly gate: GateDecision | null;
  readonly gain: string;
  /** Prompt, flips and labels. */
  readonly changes: string;
  readonly candidates: string;
  readonly cost: string;
}

/**
 * The sections of a night's page that tell of its compile report. A query, because a report never changes: reading and writing out
 * its hundred candidates is most of the page's work, and Convex keeps what a query answered.
 */
export const sections = internalQuery({
  args: { reportId: v.string() },
  handler: async (ctx, { reportId }): Promise<{ sections: ReportSections | null; problems: Problems }> => {
    const problems: Problems = [];
    const report = reportOf(await reportRow(ctx, reportId), problems);
    return { sections: report && (await sectionsOf(report)), problems };
  },
});

async function sectionsOf(report: CompileReport): Promise<ReportSections> {
  const { gate } = report;
  return {
    gate: gate && decisionOf(gate),
    gain: await htmlOf(<GainSection report={report} />),
    changes: await htmlOf(
      <>
        <PromptDiff report={report} />
        {gate && <Flips gate={gate} signatureId={report.signatureId} />}
        {gate && gate.perLabel.length > 0 && <PerLabel gate={gate} />}
      </>,
    ),
    candidates: await htmlOf(<Candidates report={report} />),
    cost: await htmlOf(<Cost report={report} />),
  };
}

async function htmlOf(element: JSX.Element): Promise<string> {
  return String(await element.toString());
}
