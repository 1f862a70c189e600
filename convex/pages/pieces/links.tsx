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

/** The receipts of a request. */
export function RequestLink({ requestId }: { requestId: string }) {
  return (
    <a href={pageOf.request(requestId)}>
      <code>{requestId}</code>
    </a>
  );
}
