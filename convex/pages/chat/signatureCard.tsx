/** @jsxImportSource hono/jsx */
import type { SignatureCard as Card } from '../../../loop/contract/autopilot.ts';
import { pageOf } from '../wording/links.ts';
import { cardText } from './cardText.ts';

/**
 * How one message was decided, collapsed. The browser script clones the empty card and fills it by `data-field` and
 * `data-href`, so the markup exists once.
 */
export function SignatureCard({ card }: { card: Card | null }) {
  const text = card && cardText(card);
  return (
    <details
      class="card"
      data-testid="signature-card"
      data-signature-id={card?.signatureId ?? ''}
      data-receipt-id={card?.receiptId ?? ''}
      data-request-id={card?.requestId ?? ''}
      data-compiled-id={card?.compiledId ?? ''}
      data-arm={card?.arm ?? ''}
      data-tool={card?.tool ?? ''}
      data-strategy={card?.strategy ?? ''}
      data-budget={card?.budget ?? ''}
      data-trace-id={card?.traceId ?? ''}
    >
      <summary>
        <span data-field="summary">{text?.summary}</span>{' '}
        <span class="faint" data-field="aside">
          {text?.aside}
        </span>
      </summary>
      <dl class="facts">
        <Fact name="Signature" field="signatureId" value={card?.signatureId} />
        <Fact name="Tool chosen" field="tool" value={text?.tool} />
        <Fact name="Arm" field="arm" value={card?.arm} />
        <Fact name="Strategy" field="strategy" value={card?.strategy} />
        <Fact name="Model" field="model" value={card?.model} />
        <Fact name="Time" field="time" value={text?.time} />
        <Fact name="Budgets" field="budgets" value={card?.budgets} />
        <Fact name="Counters" field="counters" value={text?.counters} />
        <Fact name="compiled_id" field="compiledId" value={text?.compiledId} />
        <Fact name="Error" field="error" value={text?.error} />
        <div>
          <dt>Receipt</dt>
          <dd>
            <a
              data-testid="receipt-link"
              data-field="receiptId"
              data-href="receipt"
              href={card ? pageOf.receipt(card.receiptId) : undefined}
            >
              {card?.receiptId}
            </a>
          </dd>
        </div>
        <div data-field-row="trace" hidden={!card?.traceId}>
          <dt>Trace</dt>
          <dd>
            <a
              data-field="traceId"
              data-href="trace"
              data-testid="trace-link"
              href={card?.traceId ? pageOf.trace(card.receiptId) : undefined}
            >
              {card?.traceId}
            </a>
          </dd>
        </div>
      </dl>
    </details>
  );
}

function Fact({ name, field, value }: { name: string; field: string; value: string | undefined }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-field={field}>{value}</dd>
    </div>
  );
}
