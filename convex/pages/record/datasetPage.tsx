/** @jsxImportSource hono/jsx */
import type { DatasetView, Drift, Revision, RowChange } from '../../../loop/contract/dataset.ts';
import { splitSchema } from '../../../loop/contract/example.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { Facts } from '../pieces/facts.tsx';
import { RevisionLink, RowLink, SignatureLink } from '../pieces/links.tsx';
import { page, Section } from '../pieces/page.tsx';
import { When } from '../pieces/when.tsx';
import { counted, percent, whole } from '../wording/figures.ts';
import { pageOf, shortHash, signatureName } from '../wording/links.ts';

/** A signature's data set: its labels, its revisions, and what changed between two of them. */
export function datasetPage({ signatureId, revisions, drift }: DatasetView, json: string) {
  return page({
    title: `Data set of ${signatureName(signatureId)}`,
    kicker: (
      <>
        Data set of <SignatureLink signatureId={signatureId} />
      </>
    ),
    heading: `What ${signatureName(signatureId)} is judged by`,
    json,
    children: drift ? (
      <>
        <p class="lead">
          {counted(drift.added + drift.changed + drift.moved + drift.same, 'row')} in revision{' '}
          <RevisionLink signatureId={signatureId} datasetHash={drift.to} />.{' '}
          <DriftSentence signatureId={signatureId} drift={drift} />
        </p>
        <Labels drift={drift} />
        <p>
          Rows of{' '}
          {splitSchema.options.map(split => (
            <>
              {split !== splitSchema.options[0] && ', '}
              <a href={pageOf.rows(signatureId, split)}>{split}</a>
            </>
          ))}
          , one by one.
        </p>
        <Changes signatureId={signatureId} drift={drift} />
        <Revisions signatureId={signatureId} revisions={revisions} />
      </>
    ) : (
      <p class="lead">Nothing was imported yet: POST /api/dse/examples/import, or run a night.</p>
    ),
  });
}

function DriftSentence({ signatureId, drift }: DriftProps) {
  const { from, added, removed, changed, moved } = drift;
  if (from === null) return <>It is the first revision.</>;
  const parts = [
    [added, 'added'],
    [removed, 'removed'],
    [changed, 'changed'],
    [moved, 'moved to another split'],
  ] as const;
  const said = parts.filter(([n]) => n > 0).map(([n, verb]) => `${whole(n)} ${verb}`);
  return (
    <>
      Since revision <RevisionLink signatureId={signatureId} datasetHash={from} />:{' '}
      {said.length === 0 ? 'no row is different' : said.join(', ')}.
    </>
  );
}

interface DriftProps {
  readonly signatureId: string;
  readonly drift: Drift;
}

function Labels({ drift }: { drift: Drift }) {
  return (
    <Section id="labels" title="Rows per label">
      <DataTable
        caption="Rows of each label, by split"
        columns={[
          { head: 'Label', wide: true },
          ...['Train', 'Dev', 'Holdout', 'Canary', 'All', 'All before'].map(head => ({
            head,
            figures: true,
          })),
        ]}
        rows={drift.labels.map(({ label, bySplit, before, after }) => [
          <code>{label}</code>,
          whole(bySplit.train ?? 0),
          whole(bySplit.dev ?? 0),
          whole(bySplit.holdout ?? 0),
          whole(bySplit.canary ?? 0),
          whole(after),
          drift.from === null ? '' : whole(before),
        ])}
      />
    </Section>
  );
}

function Changes({ signatureId, drift }: DriftProps) {
  if (drift.from === null) return null;
  const { labelDistance, textDistance, newWordShare, leakedToHoldout, changes, changesLeftOut } = drift;
  const distance = (value: number | null) => (value === null ? null : value.toFixed(3));
  return (
    <Section
      id="drift"
      title={`Drift since ${shortHash(drift.from)}`}
      lead="Distances are Jensen-Shannon distances: 0 is the same mix, 1 has nothing in common."
    >
      <Facts
        facts={[
          ['Distance of the labels', distance(labelDistance)],
          ['Distance of the words', distance(textDistance)],
          ['Words never seen before', newWordShare === null ? null : percent(newWordShare)],
          ['Rows unchanged', whole(drift.same)],
        ]}
      />
      {leakedToHoldout > 0 && (
        <p class="error" role="alert">
          {counted(leakedToHoldout, 'row')} of the holdout stood in train or dev before: the search has seen{' '}
          {leakedToHoldout === 1 ? 'it' : 'them'}.
        </p>
      )}
      {changes.length > 0 && (
        <DataTable
          caption="Rows that are not what they were"
          columns={[
            { head: 'Row', narrow: true },
            { head: 'Change', narrow: true },
            { head: 'Text', wide: true },
            { head: 'Label', narrow: true },
          ]}
          rows={changes.map(change => [
            <RowLink signatureId={signatureId} exampleId={change.exampleId} />,
            changeWords(change),
            textOf(change),
            <FromTo from={change.fromLabel} to={change.toLabel} />,
          ])}
        />
      )}
      {changesLeftOut > 0 && <p class="under">{counted(changesLeftOut, 'more change')} not listed.</p>}
    </Section>
  );
}

function changeWords({ kind, fromSplit, toSplit }: RowChange): string {
  if (kind === 'moved') return `moved, ${fromSplit} to ${toSplit}`;
  return `${kind}, ${toSplit ?? fromSplit}`;
}

function textOf({ fromText, toText }: RowChange) {
  if (fromText === null && toText === null) return <span class="faint">sealed</span>;
  return <FromTo from={fromText} to={toText} />;
}

/** One value if it stayed or stands alone, else the old one struck out and the new one. */
function FromTo({ from, to }: { from: string | null; to: string | null }) {
  if (from === to || from === null || to === null) return <>{to ?? from}</>;
  return (
    <>
      <del>{from}</del> <ins>{to}</ins>
    </>
  );
}

function Revisions({ signatureId, revisions }: { signatureId: string; revisions: readonly Revision[] }) {
  return (
    <Section id="revisions" title="Revisions">
      <DataTable
        caption="Revisions, newest first"
        columns={[
          { head: 'Pinned', narrow: true },
          { head: 'Revision', narrow: true },
          ...['Train', 'Dev', 'Holdout', 'Canary'].map(head => ({ head, figures: true })),
          { head: 'Compare', wide: true },
        ]}
        rows={revisions.map(({ datasetHash, counts, pinnedAt }, i) => {
          const before = revisions[i + 1];
          return [
            <When at={pinnedAt} />,
            <RevisionLink signatureId={signatureId} datasetHash={datasetHash} />,
            whole(counts.train ?? 0),
            whole(counts.dev ?? 0),
            whole(counts.holdout ?? 0),
            whole(counts.canary ?? 0),
            before ? (
              <a href={pageOf.dataset(signatureId, { from: before.datasetHash, to: datasetHash })}>
                with {shortHash(before.datasetHash)}
              </a>
            ) : (
              'the first'
            ),
          ];
        })}
      />
    </Section>
  );
}
