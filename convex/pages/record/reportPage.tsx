/** @jsxImportSource hono/jsx */
import type { CompileReport } from '../../../loop/contract/compile.ts';
import { Candidates, Cost } from '../night/candidates.tsx';
import { Flips, PerLabel } from '../night/flips.tsx';
import { GainSection } from '../night/gainSection.tsx';
import { PromptDiff } from '../night/promptDiff.tsx';
import { Facts } from '../pieces/facts.tsx';
import { LinkedText } from '../pieces/linkedText.tsx';
import { ArtifactLink, JobLink, SignatureLink } from '../pieces/links.tsx';
import { page, Section } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import { pageOf, signatureTitle } from '../wording/links.ts';
import { prettyJson } from '../wording/plainJson.ts';

/** What a compile found, with everything the decision rests on. */
export function reportPage(report: CompileReport) {
  const improved = report.decision === 'improved';
  const title = signatureTitle(report.signatureId);
  return page({
    title: `Compile report ${report.reportId}`,
    kicker: (
      <>
        <Mark of={improved ? 'promoted' : 'kept'} text={improved ? 'Improved' : 'Kept'} /> Compile report of{' '}
        <SignatureLink signatureId={report.signatureId} />, <When at={report.createdAt} />
      </>
    ),
    heading: improved
      ? `A better prompt for ${title} was found`
      : `No prompt for ${title} proved better than today's`,
    children: (
      <>
        <p class="lead">
          <LinkedText text={report.reason} />
        </p>
        <Facts
          facts={[
            ['Control', <ArtifactLink compiledId={report.controlCompiledId} />],
            ['Winner', <ArtifactLink compiledId={report.winnerCompiledId} />],
          ]}
        />
        <GainSection report={report} />
        <PromptDiff report={report} />
        {report.gate && <Flips gate={report.gate} signatureId={report.signatureId} />}
        {report.gate && report.gate.perLabel.length > 0 && <PerLabel gate={report.gate} />}
        <Candidates report={report} />
        <Cost report={report} />
        <Section id="job" title="The job as hashed">
          <Facts
            facts={[
              ['Job', <JobLink jobId={report.jobId} />],
              ['jobHash', <code>{report.jobHash}</code>],
              [
                'datasetHash',
                <a href={pageOf.revision(report.signatureId, report.datasetHash)}>
                  <code>{report.datasetHash}</code>
                </a>,
              ],
            ]}
          />
          <details id="spec">
            <summary>Optimizers, reward, seed and search space</summary>
            <pre>
              <LinkedText text={prettyJson(report.spec)} of={report} />
            </pre>
          </details>
        </Section>
      </>
    ),
  });
}
