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
  /** A request; one that led to no receipt is known to the night it was made in only. */
  request: (requestId: string, runId?: string) =>
    `/dse/request/${encodeURIComponent(requestId)}${runId ? `?night=${encodeURIComponent(runId)}` : ''}`,
  signature: (signatureId: string) => `/dse/signature/${encodeURIComponent(signatureId)}`,
  dataset: (signatureId: string, pair?: { from: string; to: string }) =>
    `/dse/dataset/${encodeURIComponent(signatureId)}${pair ? `?${new URLSearchParams(pair)}` : ''}`,
  /** A revision of a data set, and what changed since the one before it. */
  revision: (signatureId: string, datasetHash: string) =>
    `${pageOf.dataset(signatureId)}?${new URLSearchParams({ to: datasetHash })}`,
  /** A row of a data set, among its neighbours. */
  row: (signatureId: string, exampleId: string) =>
    `${pageOf.dataset(signatureId)}?${new URLSearchParams({ row: exampleId })}`,
  /** The rows of one split. */
  rows: (signatureId: string, split: string) =>
    `${pageOf.dataset(signatureId)}?${new URLSearchParams({ split })}`,
  canary: (canaryId: string) => `/dse/canary/${encodeURIComponent(canaryId)}`,
  job: (jobId: string) => `/dse/compile-job/${encodeURIComponent(jobId)}`,
  artifact: (compiledId: string) => `/dse/artifact/${encodeURIComponent(compiledId)}`,
  evaluation: (evalId: string) => `/dse/eval-report/${encodeURIComponent(evalId)}`,
  report: (reportId: string) => `/dse/compile-report/${encodeURIComponent(reportId)}`,
};
