/** @jsxImportSource hono/jsx */
import type { CompileJob } from '../../../loop/contract/compile.ts';
import { Facts } from '../pieces/facts.tsx';
import { LinkedText } from '../pieces/linkedText.tsx';
import { ArtifactLink, JobLink, ReportLink, RevisionLink, SignatureLink } from '../pieces/links.tsx';
import { page } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import { counted, dollars, duration, percent, whole } from '../wording/figures.ts';
import { signatureTitle } from '../wording/links.ts';

const headings: Record<CompileJob['status'], string> = {
  queued: 'waits for its first step',
  running: 'is under way',
  done: 'is done',
  failed: 'failed',
  cancelled: 'was cancelled',
};

/** How far a compile is, or how it ended. */
export function jobPage(job: CompileJob) {
  const { signatureId, status, startedAt, finishedAt, progress, reportId, error } = job;
  const over = status !== 'queued' && status !== 'running';
  return page({
    title: `Compile job ${job.jobId}`,
    kicker: (
      <>
        Compile of <SignatureLink signatureId={signatureId} />, <When at={startedAt} />
      </>
    ),
    heading: `The search for a better prompt of ${signatureTitle(signatureId)} ${headings[status]}`,
    live: !over,
    ...(over ? {} : { refreshSeconds: 5 }),
    children: (
      <>
        {error && (
          <p class="error">
            <code>{error.code}</code>: <LinkedText text={error.message} />
          </p>
        )}
        <Facts
          facts={[
            ['Status', <Mark of={status} />],
            ['Compile report', reportId && <ReportLink reportId={reportId} />],
            ['Data revision', <RevisionLink signatureId={signatureId} datasetHash={job.datasetHash} />],
            ["Today's prompt", <ArtifactLink compiledId={job.controlCompiledId} />],
            ['Phase', progress.phase],
            ['Candidates', whole(progress.candidates)],
            ['Best score', progress.best === null ? null : percent(progress.best)],
            [
              'Model calls',
              `${whole(progress.modelCalls)} made, ${whole(progress.cachedCalls)} answered by the ledger of earlier calls`,
            ],
            ['Tokens', `${counted(progress.tokens, 'token')}, ${dollars(progress.costUsd)}`],
            ['Time', finishedAt === null ? null : duration(finishedAt - startedAt)],
            ['Why it ended', job.stopReason && <LinkedText text={job.stopReason} />],
            ['Job', <JobLink jobId={job.jobId} />],
            ['jobHash', <code>{job.jobHash}</code>],
          ]}
        />
      </>
    ),
  });
}
