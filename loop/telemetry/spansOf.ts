import type { LmCall, Receipt } from '../contract/receipt.ts';
import { sha256Hex } from '../sha256.ts';

/** An OTLP attribute in JSON; 64-bit integers are text there. */
interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: string };
}

/** An OTLP span in JSON, as far as we fill it. Ids are hex, times are nanoseconds since 1970 as text. */
export interface Span {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly name: string;
  readonly kind: number;
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: readonly Attribute[];
  readonly status: { readonly code: number };
}

const INTERNAL = 1;
const CLIENT = 3;
const STATUS_UNSET = 0;
const STATUS_ERROR = 2;

/**
 * The spans of a predict: one for the whole, and one for each of its model calls, by the OpenTelemetry semantic conventions for generative
 * AI (development status, as of 2026). Predicts of one request share a trace. No text of prompts, answers or error messages is in them.
 */
export function spansOf(receipt: Receipt): Span[] {
  const { receiptId, requestId, signatureId, startedAt, ms, result } = receipt;
  const traceId = sha256Hex(`trace ${requestId}`).slice(0, 32);
  const spanId = sha256Hex(`predict ${receiptId}`).slice(0, 16);
  const conversation = { 'gen_ai.conversation.id': receipt.threadId };
  const whole: Span = {
    traceId,
    spanId,
    name: `invoke_workflow ${signatureId}`,
    kind: INTERNAL,
    ...times(startedAt, ms),
    attributes: attributes({
      'gen_ai.operation.name': 'invoke_workflow',
      'gen_ai.workflow.name': signatureId,
      ...conversation,
      'error.type': result.ok ? null : result.error.code,
      'overnight.receipt.id': receiptId,
      'overnight.request.id': requestId,
      'overnight.compiled.id': receipt.compiledId,
      'overnight.arm': receipt.arm,
      'overnight.purpose': receipt.purpose,
      'overnight.repairs': receipt.repairs,
    }),
    status: { code: result.ok ? STATUS_UNSET : STATUS_ERROR },
  };
  const calls = receipt.calls.map((call, i): Span => {
    return {
      traceId,
      spanId: sha256Hex(`call ${i} ${receiptId}`).slice(0, 16),
      parentSpanId: spanId,
      name: `chat ${call.configuredModel}`,
      kind: CLIENT,
      ...times(call.startedAt, call.ms),
      attributes: attributes({ ...callAttributes(call, receipt.provider), ...conversation }),
      status: { code: call.error === null ? STATUS_UNSET : STATUS_ERROR },
    };
  });
  return [whole, ...calls];
}

function callAttributes(call: LmCall, host: string) {
  const { hostname, port } = new URL(`https://${host}`);
  return {
    'gen_ai.operation.name': 'chat',
    // The format of the endpoint; who runs it is told by its address.
    'gen_ai.provider.name': 'openai',
    'gen_ai.request.model': call.configuredModel,
    'gen_ai.response.model': call.actualModel,
    'gen_ai.usage.input_tokens': call.usage.inputTokens,
    'gen_ai.usage.output_tokens': call.usage.outputTokens,
    'server.address': hostname,
    'server.port': port === '' ? 443 : Number(port),
    'error.type': call.error,
    'overnight.role': call.role,
    'overnight.attempts': call.attempts,
    'overnight.usage.mark': call.usage.mark,
  };
}

/** What an OTLP collector takes at `/v1/traces`. */
export function otlpBody(receipts: readonly Receipt[]): string {
  return JSON.stringify({
    resourceSpans: [
      {
        resource: { attributes: attributes({ 'service.name': 'overnight' }) },
        scopeSpans: [{ scope: { name: 'overnight.predict' }, spans: receipts.flatMap(spansOf) }],
      },
    ],
  });
}

function times(startedAt: number, ms: number): Pick<Span, 'startTimeUnixNano' | 'endTimeUnixNano'> {
  return { startTimeUnixNano: nanos(startedAt), endTimeUnixNano: nanos(startedAt + ms) };
}

function nanos(ms: number): string {
  return `${BigInt(Math.round(ms)) * 1_000_000n}`;
}

/** Without what is null. */
function attributes(values: Readonly<Record<string, string | number | null>>): Attribute[] {
  return Object.entries(values).flatMap(([key, value]): Attribute[] => {
    if (value === null) return [];
    return [{ key, value: typeof value === 'number' ? { intValue: String(value) } : { stringValue: value } }];
  });
}
