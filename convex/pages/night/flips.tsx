/** @jsxImportSource hono/jsx */
import type { Flip, GateReport } from '../../../loop/contract/compile.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { ReceiptLink } from '../pieces/links.tsx';
import { Section } from '../pieces/page.tsx';
import { counted, percent, points } from '../wording/figures.ts';
import { plainInput, plainOutput } from '../wording/plainJson.ts';

/** More than this many are folded away, so that the page stays readable. */
const SHOWN_AT_ONCE = 12;

/** Examples that the new prompt answers right and the old did not, and the other way round. */
export function Flips({ gate }: { gate: GateReport }) {
  return (
    <Section
      id="flips"
      title="Examples fixed and broken"
      lead="Each message below was answered differently. Answers link to their receipts."
    >
      <h3>{counted(gate.fixed.length, 'example')} fixed</h3>
      <FlipList name="fixed" flips={gate.fixed} />
      <h3>{counted(gate.broken.length, 'example')} broken</h3>
      <FlipList name="broken" flips={gate.broken} />
    </Section>
  );
}

/** Shares right for each kind of answer. */
export function PerLabel({ gate }: { gate: GateReport }) {
  return (
    <Section id="labels" title="By kind of answer">
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

function FlipList({ name, flips }: { name: string; flips: readonly Flip[] }) {
  if (flips.length === 0) return <p class="faint">None.</p>;
  const rest = flips.slice(SHOWN_AT_ONCE);
  return (
    <>
      <FlipTable name={name} flips={flips.slice(0, SHOWN_AT_ONCE)} />
      {rest.length > 0 && (
        <details id={`more-${name}`}>
          <summary>{counted(rest.length, 'more example')}</summary>
          <FlipTable name={`${name}, continued`} flips={rest} />
        </details>
      )}
    </>
  );
}

function FlipTable({ name, flips }: { name: string; flips: readonly Flip[] }) {
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
              {flip.exampleId}
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
