/** @jsxImportSource hono/jsx */
import type { Flip, GateReport } from '../../../loop/contract/compile.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { ReceiptLink, RowLink } from '../pieces/links.tsx';
import { Section } from '../pieces/page.tsx';
import { counted, percent, points } from '../wording/figures.ts';
import { plainInput, plainOutput } from '../wording/plainJson.ts';

/** More than this many are folded away, so that the page stays readable. */
const SHOWN_AT_ONCE = 12;

/** Examples that the new prompt answers right and the old did not, and the other way round. */
export function Flips({ gate, signatureId }: { gate: GateReport; signatureId: string }) {
  return (
    <Section
      id="flips"
      title="Examples fixed and broken"
      lead="Each message below was answered differently. Answers link to their receipts."
    >
      <h3>{counted(gate.fixed.length, 'example')} fixed</h3>
      <FlipList name="fixed" flips={gate.fixed} signatureId={signatureId} />
      <h3>{counted(gate.broken.length, 'example')} broken</h3>
      <FlipList name="broken" flips={gate.broken} signatureId={signatureId} />
    </Section>
  );
}

interface PerLabelProps {
  readonly gate: Pick<GateReport, 'perLabel'>;
  readonly lead?: string;
}

/** Shares right for each kind of answer. */
export function PerLabel({ gate, lead }: PerLabelProps) {
  return (
    <Section id="labels" title="By kind of answer" lead={lead}>
      <DataTable
        compact
        caption="Share right before and after for each expected answer"
        columns={[
          { head: 'Expected answer' },
          { head: 'Examples', figures: true },
          { head: 'Before', figures: true },
          { head: 'After', figures: true },
          { head: 'Points', figures: true },
        ]}
        rows={gate.perLabel.map(({ label, n, before, after }) => [
          <code>{label}</code>,
          String(n),
          percent(before),
          percent(after),
          points(after - before),
        ])}
      />
    </Section>
  );
}

interface FlipsProps {
  readonly name: string;
  readonly flips: readonly Flip[];
  readonly signatureId: string;
}

function FlipList({ name, flips, signatureId }: FlipsProps) {
  if (flips.length === 0) return <p class="faint">None.</p>;
  const rest = flips.slice(SHOWN_AT_ONCE);
  return (
    <>
      <FlipTable name={name} flips={flips.slice(0, SHOWN_AT_ONCE)} signatureId={signatureId} />
      {rest.length > 0 && (
        <details id={`more-${name}`}>
          <summary>{counted(rest.length, 'more example')}</summary>
          <FlipTable name={`${name}, continued`} flips={rest} signatureId={signatureId} />
        </details>
      )}
    </>
  );
}

function FlipTable({ name, flips, signatureId }: FlipsProps) {
  return (
    <DataTable
      caption={`Examples ${name}`}
      columns={[
        { head: 'Message', wide: true },
        { head: 'Expected', narrow: true },
        { head: 'Before', narrow: true },
        { head: 'After', narrow: true },
      ]}
      rows={flips.map(flip => {
        const { main, rest } = plainInput(flip.input);
        return [
          <>
            {main}
            <span class="under faint">
              <RowLink signatureId={signatureId} exampleId={flip.exampleId} />
              {rest && ` · ${rest}`}
            </span>
          </>,
          <code>{plainOutput(flip.expected)}</code>,
          <Answer output={plainOutput(flip.before)} receiptId={flip.beforeReceiptId} />,
          <Answer output={plainOutput(flip.after)} receiptId={flip.afterReceiptId} />,
        ];
      })}
    />
  );
}

function Answer({ output, receiptId }: { output: string; receiptId: string | null }) {
  if (receiptId === null) return <code>{output}</code>;
  return (
    <code>
      <ReceiptLink receiptId={receiptId} label={output} />
    </code>
  );
}
