/** @jsxImportSource hono/jsx */
import type { Json } from '../../../loop/contract/json.ts';
import type { Observation, RlmTrace, RlmTurn, Span, SubCall } from '../../../loop/contract/rlmTrace.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { Excerpt } from '../pieces/excerpt.tsx';
import { Facts } from '../pieces/facts.tsx';
import { LinkedText } from '../pieces/linkedText.tsx';
import { ReceiptLink, SignatureLink, TraceLink } from '../pieces/links.tsx';
import { page, Section } from '../pieces/page.tsx';
import { When } from '../pieces/when.tsx';
import { counted, duration, whole } from '../wording/figures.ts';
import { signatureTitle } from '../wording/links.ts';
import { compactJson, prettyJson } from '../wording/plainJson.ts';

// A page holds what people read; all of a long text is in its JSON. 48 notes of this length weigh some 30 KiB.
const INPUT_SHOWN = 4_000;
const QUOTE_SHOWN = 1_500;
const NOTES_SHOWN = 500;
const SUB_CALLS_SHOWN = 60;

/** What the controller of one predict did, turn by turn. */
export function tracePage(trace: RlmTrace) {
  const { turns, result, signatureId, variables } = trace;
  const subCalls = turns.flatMap(turn => turn.subCalls).length;
  const reading = `${counted(turns.length, 'turn')} and ${counted(subCalls, 'sub call')}`;
  return page({
    title: `Trace ${trace.traceId}`,
    kicker: (
      <>
        Trace of one prediction, <When at={trace.startedAt} />
      </>
    ),
    heading: result.ok
      ? `${signatureTitle(signatureId)} was answered in ${reading}`
      : `${signatureTitle(signatureId)} failed with ${result.error.code} after ${reading}`,
    children: (
      <>
        <Section id="result" title="Result">
          {result.ok ? (
            <Excerpt text={plain(result.output)} chars={INPUT_SHOWN} />
          ) : (
            <p class="error">
              <code>{result.error.code}</code>: <LinkedText text={result.error.message} />
            </p>
          )}
          <Facts
            facts={[
              ['Receipt', <ReceiptLink receiptId={trace.receiptId} />],
              ['Signature', <SignatureLink signatureId={signatureId} />],
              ['Time', duration(trace.ms)],
              ['Trace', <TraceLink traceId={trace.traceId} receiptId={trace.receiptId} />],
            ]}
          />
        </Section>
        <Section
          id="turns"
          title="Turns"
          lead="Each turn the controller chose one action. Quoted text is data: it was shown to the controller in the turn after, once."
        >
          {turns.map(turn => (
            <Turn turn={turn} />
          ))}
        </Section>
        <Section id="variables" title="Variables at the end">
          <DataTable
            caption="Variables of this run"
            columns={[
              { head: 'Name' },
              { head: 'Origin' },
              { head: 'Trust' },
              { head: 'Characters', figures: true },
              { head: 'Chunks', figures: true },
            ]}
            rows={variables.map(({ name, origin, trust, chars, chunks }) => [
              <code>{name}</code>,
              origin,
              trust,
              whole(chars),
              chunks === null ? '' : whole(chunks),
            ])}
          />
        </Section>
        <Section id="input" title="Input">
          <details>
            <summary>Show the input</summary>
            <Excerpt text={prettyJson(trace.input)} chars={INPUT_SHOWN} />
          </details>
        </Section>
      </>
    ),
  });
}

function Turn({ turn }: { turn: RlmTurn }) {
  const { action, answers, observation, subCalls } = turn;
  return (
    <article
      class="turn"
      data-testid="trace-turn"
      data-action={action?.action ?? ''}
      data-sub-calls={String(subCalls.length)}
    >
      <h3>
        {turn.turn}. {action?.action ?? 'No action'} <span class="faint">{duration(turn.ms)}</span>
      </h3>
      <p class="faint">Advised: {turn.next}</p>
      {action && <pre>{compactJson(action)}</pre>}
      {answers
        .filter(answer => answer.problem !== null)
        .map(answer => (
          <>
            <p class="error">An answer could not be used: {answer.problem}.</p>
            <Excerpt text={answer.text} chars={NOTES_SHOWN} />
          </>
        ))}
      {subCalls.length > 0 && <SubCalls subCalls={subCalls} />}
      {observation ? <Seen observation={observation} /> : <p class="error">The turn broke off here.</p>}
    </article>
  );
}

function SubCalls({ subCalls }: { subCalls: readonly SubCall[] }) {
  const inOrder = [...subCalls].sort((a, b) => a.span.start - b.span.start);
  const left = inOrder.length - SUB_CALLS_SHOWN;
  return (
    <details>
      <summary>
        {counted(subCalls.length, 'sub call')}, asked: {subCalls[0]?.question}
      </summary>
      <DataTable
        caption="Sub calls of this turn"
        columns={[
          { head: 'Part', narrow: true },
          { head: 'Notes', wide: true },
        ]}
        rows={inOrder
          .slice(0, SUB_CALLS_SHOWN)
          .map(({ span, notes, error }) => [
            placeOf(span),
            notes === null ? <span class="error">{error}</span> : cut(notes),
          ])}
      />
      {left > 0 && <p class="faint">{counted(left, 'more sub call')} are in this page as JSON.</p>}
    </details>
  );
}

function Seen({ observation: { ok, summary, quote } }: { observation: Observation }) {
  return (
    <>
      <p class={ok ? undefined : 'error'}>
        {ok ? '' : 'Refused: '}
        {summary}
      </p>
      {quote && (
        <figure class="quote">
          <figcaption class="faint">
            {quote.trust}, from {quote.origin}: {quote.spans.map(placeOf).join('; ') || 'nothing'}
            {quote.leftOut > 0 && `; ${whole(quote.leftOut)} characters were left out`}
          </figcaption>
          <Excerpt text={quote.text} chars={QUOTE_SHOWN} />
        </figure>
      )}
    </>
  );
}

function placeOf({ source, start, end, lines }: Span): string {
  const where = lines.first === lines.last ? `line ${lines.first}` : `lines ${lines.first}-${lines.last}`;
  return `${source} ${whole(start)}-${whole(end)}, ${where}`;
}

function cut(notes: string): string {
  const left = notes.length - NOTES_SHOWN;
  return left > 0 ? `${notes.slice(0, NOTES_SHOWN)} … ${whole(left)} more characters` : notes;
}

/** An output of one text as that text, any other as JSON. */
function plain(output: Json): string {
  const values = typeof output === 'object' && output !== null ? Object.values(output) : [output];
  return values.length === 1 && typeof values[0] === 'string' ? values[0] : prettyJson(output);
}
