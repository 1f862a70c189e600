/** @jsxImportSource hono/jsx */
import type { SeenRequest } from '../../../loop/contract/opsRun.ts';
import { attemptAnchor } from '../night/testResults.tsx';
import { DataTable } from '../pieces/dataTable.tsx';
import { LinkedText } from '../pieces/linkedText.tsx';
import { NightLink, ReceiptLink, RequestLink, SignatureLink } from '../pieces/links.tsx';
import { page } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import { counted, duration } from '../wording/figures.ts';
import { pageOf } from '../wording/links.ts';
import { plainOutput } from '../wording/plainJson.ts';
import type { ReceiptView } from './receiptPage.tsx';

/** A request as the test of a night saw it. */
export interface RequestMade {
  readonly runId: string;
  readonly testId: string;
  readonly retry: number;
  readonly title: string;
  readonly request: SeenRequest;
}

/** What a request's page shows; `?format=json` answers it. */
export interface RequestView {
  readonly requestId: string;
  readonly receipts: readonly ReceiptView[];
  /** Null where the address names no night that made it. */
  readonly made: RequestMade | null;
}

/** The predictions that one HTTP request led to, and the test that made it. */
export function requestPage({ requestId, receipts, made }: RequestView, json: string) {
  return page({
    title: `Request ${requestId}`,
    kicker: 'Request',
    heading:
      receipts.length === 0
        ? 'One request, which asked for no prediction'
        : `${counted(receipts.length, 'receipt')} of one request`,
    json,
    children: (
      <>
        <p>
          <RequestLink requestId={requestId} runId={made?.runId} />
        </p>
        {made && <Made made={made} />}
        {receipts.length > 0 && <Receipts receipts={receipts} />}
      </>
    ),
  });
}

function Made({ made: { runId, testId, retry, title, request } }: { made: RequestMade }) {
  return (
    <p>
      <code>
        {request.method} <LinkedText text={request.path} />
      </code>{' '}
      answered {request.status}
      {request.at !== undefined && (
        <>
          , <When at={request.at} />
        </>
      )}
      . Made by the test <a href={`${pageOf.night(runId)}#${attemptAnchor({ testId, retry })}`}>{title}</a> of
      the night <NightLink runId={runId} />.
    </p>
  );
}

function Receipts({ receipts }: { receipts: readonly ReceiptView[] }) {
  return (
    <DataTable
      caption="Receipts of this request"
      columns={[
        { head: 'Receipt', narrow: true },
        { head: 'Signature', narrow: true },
        { head: 'Arm', narrow: true },
        { head: 'Result', wide: true },
        { head: 'Time', figures: true, narrow: true },
        { head: 'When', narrow: true },
      ]}
      rows={receipts.map(({ receipt }) => [
        <ReceiptLink receiptId={receipt.receiptId} />,
        <SignatureLink signatureId={receipt.signatureId} />,
        receipt.arm,
        receipt.result.ok ? (
          plainOutput(receipt.result.output)
        ) : (
          <Mark of="failed" text={receipt.result.error.code} />
        ),
        duration(receipt.ms),
        <When at={receipt.startedAt} />,
      ])}
    />
  );
}
