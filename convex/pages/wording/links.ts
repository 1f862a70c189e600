/** The first 8 hex digits of a content hash such as a `compiled_id`; other ids stay whole. */
export function shortHash(hash: string): string {
  return hash.startsWith('sha256:') ? hash.slice(7, 15) : hash;
}

/** `SelectTool.v1` of `@openagents/autopilot/blueprint/SelectTool.v1`. */
export function signatureName(signatureId: string): string {
  return signatureId.slice(signatureId.lastIndexOf('/') + 1);
}

/** `SelectTool` of `@openagents/autopilot/blueprint/SelectTool.v1`: for sentences. */
export function signatureTitle(signatureId: string): string {
  return signatureName(signatureId).replace(/\.v\d+$/, '');
}

interface NightsQuery {
  readonly signatureId: string | null;
  readonly outcome: string | null;
  readonly before?: string;
}

/** Addresses of the pages, by the id they show. */
export const pageOf = {
  nights: '/dse',
  signIn: '/dse/sign-in',
  signOut: '/dse/sign-out',
  /** The list, narrowed down or further back. */
  nightsOf: ({ signatureId, outcome, before }: NightsQuery) => {
    const query = new URLSearchParams();
    if (signatureId) query.set('signature', signatureId);
    if (outcome) query.set('outcome', outcome);
    if (before) query.set('before', before);
    return query.size === 0 ? '/dse' : `/dse?${query}`;
  },
  night: (runId: string) => `/dse/ops/${encodeURIComponent(runId)}`,
  attachment: (runId: string, eventId: string) =>
    `/dse/ops/${encodeURIComponent(runId)}/attachment/${encodeURIComponent(eventId)}`,
  receipt: (receiptId: string) => `/dse/receipt/${encodeURIComponent(receiptId)}`,
  /** The trace of a receipt's predict, where its strategy makes one. */
  trace: (receiptId: string) => `/dse/trace/${encodeURIComponent(receiptId)}`,
  request: (requestId: string) => `/dse/request/${encodeURIComponent(requestId)}`,
  signature: (signatureId: string) => `/dse/signature/${encodeURIComponent(signatureId)}`,
  dataset: (signatureId: string, pair?: { from: string; to: string }) =>
    `/dse/dataset/${encodeURIComponent(signatureId)}${pair ? `?${new URLSearchParams(pair)}` : ''}`,
  artifact: (compiledId: string) => `/dse/artifact/${encodeURIComponent(compiledId)}`,
  evaluation: (evalId: string) => `/dse/eval-report/${encodeURIComponent(evalId)}`,
  report: (reportId: string) => `/dse/compile-report/${encodeURIComponent(reportId)}`,
};
