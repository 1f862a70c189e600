/** @jsxImportSource hono/jsx */
import type { DataRow, DataRows } from '../../datasetRows.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { Facts } from '../pieces/facts.tsx';
import { RowLink, SignatureLink } from '../pieces/links.tsx';
import { page, Section } from '../pieces/page.tsx';
import { readJson } from '../stored.ts';
import { pageOf, signatureName } from '../wording/links.ts';
import { plainInput, plainOutput, plainText, prettyJson } from '../wording/plainJson.ts';

/** What the page of a stretch of rows shows; `?format=json` answers it. */
export interface DataRowsView extends DataRows {
  readonly signatureId: string;
}

/** One row of a data set, if one was asked for, and the rows around it; else the first rows of a split. */
export function datasetRowsPage({ signatureId, row, split, rows, more }: DataRowsView, json: string) {
  const name = signatureName(signatureId);
  const title = row === null ? `Rows of ${split}` : `Row ${row.exampleId}`;
  return page({
    title: `${title} of ${name}`,
    kicker: (
      <>
        {row ? <RowLink signatureId={signatureId} exampleId={row.exampleId} /> : 'Rows'} of the{' '}
        <a href={pageOf.dataset(signatureId)}>data set</a> of <SignatureLink signatureId={signatureId} />
      </>
    ),
    heading: row === null ? `The ${split} rows of ${name}` : `One of the ${split} rows of ${name}`,
    json,
    children: (
      <>
        {row && <RowSection row={row} />}
        <Section
          id="rows"
          title={row === null ? 'The first of them' : 'Its neighbours'}
          lead="In the order of their ids, as the newest revision has them."
        >
          <RowTable signatureId={signatureId} rows={rows} here={row?.exampleId ?? null} />
          <Further signatureId={signatureId} rows={rows} more={more} />
        </Section>
      </>
    ),
  });
}

const SEALED = 'Sealed: who writes prompts should not have read the holdout.';

function RowSection({ row }: { row: DataRow }) {
  const { contentHash, tags, inputJson, expectedJson } = row;
  return (
    <Section id="row" title="What it says">
      {inputJson === null || expectedJson === null ? (
        <p>{SEALED}</p>
      ) : (
        <>
          <h3>Input</h3>
          <pre>{prettyJson(readJson(inputJson))}</pre>
          <h3>Right answer</h3>
          <pre>{prettyJson(readJson(expectedJson))}</pre>
        </>
      )}
      <Facts
        facts={[
          ['Split', row.split],
          ['Tags', tags.length === 0 ? null : tags.join(', ')],
          ['State', stateOf(row)],
          ['Content', <code>{contentHash}</code>],
        ]}
      />
    </Section>
  );
}

function stateOf({ current, review }: DataRow): string {
  if (review !== null) return `a candidate mined from traffic, ${review}`;
  return current ? 'part of the newest revision' : 'part of an older revision only';
}

interface RowTableProps {
  readonly signatureId: string;
  readonly rows: readonly DataRow[];
  readonly here: string | null;
}

function RowTable({ signatureId, rows, here }: RowTableProps) {
  if (rows.length === 0) return <p class="faint">The newest revision has none.</p>;
  return (
    <DataTable
      caption="Rows in the order of their ids"
      columns={[
        { head: 'Row', narrow: true },
        { head: 'Input', wide: true },
        { head: 'Right answer', narrow: true },
      ]}
      rows={rows.map(({ exampleId, inputJson, expectedJson }) => [
        <>
          <RowLink signatureId={signatureId} exampleId={exampleId} />
          {exampleId === here && <span class="under faint">this row</span>}
        </>,
        inputJson === null ? (
          <span class="faint">sealed</span>
        ) : (
          plainText(inputJson, value => plainInput(value).main)
        ),
        expectedJson === null ? (
          <span class="faint">sealed</span>
        ) : (
          <code>{plainText(expectedJson, plainOutput)}</code>
        ),
      ])}
    />
  );
}

/** Links to where the list goes on: each stretch is that around its outermost row. */
function Further({ signatureId, rows, more }: Pick<DataRowsView, 'signatureId' | 'rows' | 'more'>) {
  const [first, last] = [rows.at(0), rows.at(-1)];
  return (
    <p>
      {more.before && first && (
        <a href={pageOf.row(signatureId, first.exampleId)} rel="prev">
          Rows before these
        </a>
      )}
      {more.before && more.after && ' · '}
      {more.after && last && (
        <a href={pageOf.row(signatureId, last.exampleId)} rel="next">
          Rows after these
        </a>
      )}
    </p>
  );
}
