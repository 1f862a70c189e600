import { pageOf } from './links.ts';

/** A stretch of a text; `href` is the page of the id that it is, null for words. */
export interface TextPart {
  readonly text: string;
  readonly href: string | null;
}

/** What the ids in a text belong to, where they do not tell it themselves. */
export interface IdsOwner {
  readonly signatureId?: string | null;
  /** The night that it tells of, which made its requests. */
  readonly runId?: string | null;
}

const UUID = '[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}';

/** Ids that tell their kind by how they look. */
const byShape = {
  receipt: `rcp_(?:${UUID}|[0-9a-f]{32})`,
  report: String.raw`rep_job_${UUID}_\d+`,
  job: `job_${UUID}`,
  canary: `can_${UUID}`,
  evaluation: `evl_${UUID}`,
  request: `req_${UUID}`,
  night: String.raw`night-\d{8}-\d{6}-[0-9a-f]{4}`,
} as const;

/** Ids that tell it by the JSON key before them. A job's proposer is pinned in code and stored nowhere. */
const byKey = {
  artifact: String.raw`(?<="(?:compiled_id|compiledId|(?!proposer)\w+CompiledId)": ?")sha256:[0-9a-f]{64}`,
  revision: '(?<="datasetHash": ?")sha256:[0-9a-f]{64}',
  row: String.raw`(?<="exampleId": ?")[\w.:@-]+`,
} as const;

type Kind = keyof typeof byShape | keyof typeof byKey;

const anyId = new RegExp(
  Object.entries({ ...byShape, ...byKey })
    .map(([kind, pattern]) => String.raw`(?<${kind}>(?<![\w-])${pattern}(?![\w-]))`)
    .join('|'),
  'g',
);

/** Cuts a text, or JSON as text, at the ids that have a page. Nothing is dropped. */
export function idsIn(text: string, { signatureId, runId }: IdsOwner = {}): TextPart[] {
  const addressOf: Record<Kind, (id: string) => string | null> = {
    receipt: pageOf.receipt,
    report: pageOf.report,
    job: pageOf.job,
    canary: pageOf.canary,
    evaluation: pageOf.evaluation,
    request: id => pageOf.request(id, runId ?? undefined),
    night: pageOf.night,
    artifact: pageOf.artifact,
    revision: hash => (signatureId ? pageOf.revision(signatureId, hash) : null),
    row: id => (signatureId ? pageOf.row(signatureId, id) : null),
  };
  return cut(text, anyId, ({ 0: id, groups = {} }) => {
    const kind = Object.keys(groups).find(name => groups[name] !== undefined) as Kind;
    return addressOf[kind](id);
  }).flatMap(part => (part.href === null && runId ? nightIn(part.text, runId) : part));
}

/** Cuts a text at a night that its owner named as it liked. */
function nightIn(text: string, runId: string): TextPart[] {
  if (!text.includes(runId)) return [{ text, href: null }];
  const literal = runId.replaceAll('.', String.raw`\.`);
  return cut(text, new RegExp(String.raw`(?<![\w-])${literal}(?![\w-])`, 'g'), () => pageOf.night(runId));
}

function cut(text: string, at: RegExp, addressOf: (match: RegExpExecArray) => string | null): TextPart[] {
  const parts: TextPart[] = [];
  let end = 0;
  for (const match of text.matchAll(at)) {
    const { 0: id, index } = match;
    if (index > end) parts.push({ text: text.slice(end, index), href: null });
    parts.push({ text: id, href: addressOf(match) });
    end = index + id.length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), href: null });
  return parts;
}
