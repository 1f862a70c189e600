/** @jsxImportSource hono/jsx */
import { DataTable } from '../pieces/dataTable.tsx';
import { ReceiptLink, SignatureLink } from '../pieces/links.tsx';
import { page } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import { counted, duration } from '../wording/figures.ts';
import { plainOutput } from '../wording/plainJson.ts';
import type { ReceiptView } from './receiptPage.tsx';

/** What a request's page shows; `?format=json` answers it. */
export interface RequestView {
  readonly requestId: string;
  readonly receipts: readonly ReceiptView[];
}

/** The predictions that one HTTP request led to. */
export function requestPage({ requestId, receipts }: RequestView) {
  return page({
    title: `Request ${requestId}`,
    kicker: 'Request',
    heading: `${counted(receipts.length, 'receipt')} of one request`,
    children: (
      <>
        <p>
          <code>{requestId}</code>
        </p>
        <DataTable
          caption="Receipts of this request"
          columns={[
            { head: 'Receipt', narrow: true },
            { head: 'Signature' },
            { head: 'Arm', narrow: true },
            { head: 'Result', wide: true },
            { head: 'Time', figures: true },
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
      </>
    ),
  });
}
