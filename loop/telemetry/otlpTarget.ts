/** Where spans go. */
export interface OtlpTarget {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

/** OpenTelemetry's own variables, as far as they are set. */
export interface OtlpVariables {
  readonly OTEL_EXPORTER_OTLP_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_TRACES_ENDPOINT?: string | undefined;
  readonly OTEL_EXPORTER_OTLP_HEADERS?: string | undefined;
}

/**
 * The address and headers that the variables name (OpenTelemetry, "OTLP exporter configuration"): the address for traces as it is, the
 * general one with `/v1/traces`. Null when neither is set. Headers are `name=value` pairs with commas between, percent-encoded.
 */
export function otlpTarget(variables: OtlpVariables): OtlpTarget | null {
  const { OTEL_EXPORTER_OTLP_ENDPOINT: base, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: traces } = variables;
  const url = traces || (base ? `${base.replace(/\/+$/, '')}/v1/traces` : '');
  if (url === '') return null;
  const pairs = (variables.OTEL_EXPORTER_OTLP_HEADERS ?? '').split(',').flatMap(pair => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), decodeURIComponent(pair.slice(at + 1).trim())]];
  });
  return { url, headers: Object.fromEntries(pairs) };
}
