/** @jsxImportSource hono/jsx */
import type { Child } from 'hono/jsx';
import { pageOf, shortHash, signatureName } from '../wording/links.ts';

/** An artifact by the first digits of its `compiled_id`. */
export function ArtifactLink({ compiledId }: { compiledId: string }) {
  return (
    <a href={pageOf.artifact(compiledId)} title={compiledId}>
      <code>{shortHash(compiledId)}</code>
    </a>
  );
}

/** A receipt; a reader sees `label`, or its id. */
export function ReceiptLink({ receiptId, label }: { receiptId: string; label?: string }) {
  return (
    <a href={pageOf.receipt(receiptId)} title={receiptId}>
      {label ?? <code>{receiptId}</code>}
    </a>
  );
}

/** A signature by its short name. */
export function SignatureLink({ signatureId }: { signatureId: string }) {
  return (
    <a href={pageOf.signature(signatureId)} title={signatureId}>
      {signatureName(signatureId)}
    </a>
  );
}

/** A night by its run id. */
export function NightLink({ runId, label }: { runId: string; label?: Child }) {
  return <a href={pageOf.night(runId)}>{label ?? <code>{runId}</code>}</a>;
}

/** A compile report by its id. */
export function ReportLink({ reportId, label }: { reportId: string; label?: string }) {
  return <a href={pageOf.report(reportId)}>{label ?? <code>{reportId}</code>}</a>;
}

/** An evaluation; a reader sees `label`, or its id. */
export function EvalLink({ evalId, label }: { evalId: string; label?: string }) {
  return <a href={pageOf.evaluation(evalId)}>{label ?? <code>{evalId}</code>}</a>;
}

/** A request; `runId` is the night it was made in, where that is known. */
export function RequestLink({ requestId, runId }: { requestId: string; runId?: string }) {
  return (
    <a href={pageOf.request(requestId, runId)}>
      <code>{requestId}</code>
    </a>
  );
}

/** A canary; a reader sees `label`, or its id. */
export function CanaryLink({ canaryId, label }: { canaryId: string; label?: Child }) {
  return (
    <a href={pageOf.canary(canaryId)} title={canaryId}>
      {label ?? <code>{canaryId}</code>}
    </a>
  );
}

/** A compile job by its id. */
export function JobLink({ jobId }: { jobId: string }) {
  return (
    <a href={pageOf.job(jobId)}>
      <code>{jobId}</code>
    </a>
  );
}

/** A revision of a signature's data set by the first digits of its hash. */
export function RevisionLink({ signatureId, datasetHash }: { signatureId: string; datasetHash: string }) {
  return (
    <a href={pageOf.revision(signatureId, datasetHash)} title={datasetHash}>
      <code>{shortHash(datasetHash)}</code>
    </a>
  );
}

/** A row of a signature's data set. */
export function RowLink({ signatureId, exampleId }: { signatureId: string; exampleId: string }) {
  return (
    <a href={pageOf.row(signatureId, exampleId)}>
      <code>{exampleId}</code>
    </a>
  );
}

/** A trace by its id; its page is that of its receipt. */
export function TraceLink({ traceId, receiptId }: { traceId: string; receiptId: string }) {
  return (
    <a href={pageOf.trace(receiptId)}>
      <code>{traceId}</code>
    </a>
  );
}
