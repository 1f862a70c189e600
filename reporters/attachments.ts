import { createHash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import type { TestResult } from '@playwright/test/reporter';
import type { AttachmentFacts } from '../loop/contract/opsRun.ts';
import { boundedText } from './boundedText.ts';
import type { Redact } from './redact.ts';

type Attachment = TestResult['attachments'][number];

/** Which attachments are stored whole; the rest are told of by name, size and hash. */
export interface AttachmentPolicy {
  /** Content types to store, such as `image/png` or `text/*`. Default `['text/*', 'application/json']`. */
  readonly types?: readonly string[];
  /** Largest to store, in bytes; at most 262 144. Default 65 536. */
  readonly maxBytes?: number;
}

const DEFAULT_TYPES = ['text/*', 'application/json'];
const DEFAULT_BYTES = 65_536;
/** As base64 it still fits a request and a database row. */
const MOST_BYTES = 262_144;
/** Control characters take six bytes in JSON. */
const MOST_ESCAPED = 400_000;
/** Reading and hashing so much takes some 10 ms; larger ones are hashed in pieces while tests go on. */
const HASHED_AT_ONCE = 4_194_304;

/** What is needed to tell of an attachment. */
export interface AttachmentContext {
  readonly policy: AttachmentPolicy;
  readonly rootDir: string;
  readonly redact: Redact;
  /** Whether bytes hold the value of a secret as it is. */
  readonly holdsSecret: (bytes: Buffer) => boolean;
}

type Facts = Omit<AttachmentFacts, 'testId' | 'retry'>;

/** The facts of an attachment; a promise of them when it is large. Never throws or rejects. */
export function attachmentFacts(attachment: Attachment, context: AttachmentContext): Facts | Promise<Facts> {
  const { redact, rootDir } = context;
  const place = {
    name: boundedText(attachment.name, 300, redact),
    contentType: boundedText(attachment.contentType, 200, redact),
    path:
      attachment.path === undefined
        ? null
        : boundedText(path.relative(rootDir, attachment.path).split(path.sep).join('/'), 500, redact),
  };
  try {
    const size = attachment.body?.length ?? fs.statSync(attachment.path ?? '').size;
    if (size > HASHED_AT_ONCE && attachment.path !== undefined)
      return hashOfFile(attachment.path).then(sha256 => ({
        ...place,
        size,
        sha256,
        note: sha256 === null ? GONE : tooLarge(context),
      }));
    const bytes = attachment.body ?? fs.readFileSync(attachment.path ?? '');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    return { ...place, size: bytes.length, sha256, ...kept(attachment.contentType, bytes, context) };
  } catch {
    return { ...place, size: null, sha256: null, note: GONE };
  }
}

const GONE = 'not stored: its file cannot be read';

function tooLarge({ policy }: AttachmentContext): string {
  return `not stored: larger than ${mostBytes(policy)} bytes`;
}

function kept(contentType: string, bytes: Buffer, context: AttachmentContext): Pick<Facts, 'note' | 'body'> {
  const type = contentType.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const types = context.policy.types ?? DEFAULT_TYPES;
  if (
    !types.some(wanted => wanted === type || (wanted.endsWith('/*') && type.startsWith(wanted.slice(0, -1))))
  )
    return { note: `not stored: ${boundedText(type, 100, context.redact)} is not among the stored types` };
  if (bytes.length > mostBytes(context.policy)) return { note: tooLarge(context) };
  if (!isText(type)) {
    if (context.holdsSecret(bytes)) return { note: 'not stored: it holds a secret' };
    return { note: null, body: { encoding: 'base64', text: bytes.toString('base64') } };
  }
  const text = bytes.toString('utf8');
  const clean = context.redact(text);
  if (JSON.stringify(clean).length > MOST_ESCAPED) return { note: tooLarge(context) };
  return { note: clean === text ? null : 'secrets were taken out', body: { encoding: 'utf8', text: clean } };
}

function mostBytes({ maxBytes = DEFAULT_BYTES }: AttachmentPolicy): number {
  return Math.min(maxBytes, MOST_BYTES);
}

function isText(type: string): boolean {
  return (
    type.startsWith('text/') ||
    /^application\/(.+\+)?(json|xml|yaml|x-ndjson)$/.test(type) ||
    type === 'image/svg+xml'
  );
}

async function hashOfFile(file: string): Promise<string | null> {
  try {
    const hash = createHash('sha256');
    for await (const chunk of fs.createReadStream(file)) hash.update(chunk as Buffer);
    return hash.digest('hex');
  } catch {
    return null;
  }
}
