import fs from 'node:fs';
import type { TestResult } from '@playwright/test/reporter';
import * as z from 'zod';
import { idSchema, timestampSchema } from '../loop/contract/json.ts';
import type { SeenRequest } from '../loop/contract/opsRun.ts';
import { boundedText } from './boundedText.ts';
import type { Redact } from './redact.ts';

/** Attachments of this name and type `application/json` carry a list of {@link SeenRequest}s. */
export const REQUEST_IDS_ATTACHMENT = 'oa-request-ids';

/** Requests kept of one attempt; the count says how many there were. */
const MOST_REQUESTS = 1_000;
/** Long enough for any route, short enough that a full list fits one event. */
const LONGEST_PATH = 300;

const listSchema = z.array(z.unknown());
const entrySchema = z.object({
  requestId: idSchema,
  method: z.string().max(16),
  path: z.string(),
  status: z.number().int(),
  at: timestampSchema.optional(),
});

/** What a test's request-id attachments say. */
export interface RequestsSeen {
  readonly requests: SeenRequest[];
  readonly requestCount: number;
  /** What is wrong with the attachments, in a sentence, or null. */
  readonly complaint: string | null;
}

/** Reads the request ids a test attached. Malformed entries are left out and complained about, never thrown. */
export function requestsSeen(attachments: TestResult['attachments'], redact: Redact): RequestsSeen {
  const requests: SeenRequest[] = [];
  let requestCount = 0;
  let malformed = 0;
  let unreadable: string | null = null;
  for (const attachment of attachments) {
    if (attachment.name !== REQUEST_IDS_ATTACHMENT) continue;
    const list = readList(attachment);
    if (typeof list === 'string') {
      unreadable = list;
      continue;
    }
    for (const item of list) {
      const entry = entrySchema.safeParse(item);
      if (!entry.success || redact(entry.data.requestId) !== entry.data.requestId) {
        malformed += 1;
        continue;
      }
      requestCount += 1;
      if (requests.length >= MOST_REQUESTS) continue;
      const { requestId, method, path, status, at } = entry.data;
      requests.push({
        requestId,
        method: redact(method).slice(0, 16),
        path: boundedText(path, LONGEST_PATH, redact),
        status,
        ...(at === undefined ? {} : { at }),
      });
    }
  }
  return { requests, requestCount, complaint: complaintOf(malformed, unreadable) };
}

function complaintOf(malformed: number, unreadable: string | null): string | null {
  if (unreadable !== null) return `An attachment ${REQUEST_IDS_ATTACHMENT} is malformed: ${unreadable}`;
  if (malformed === 0) return null;
  return `${malformed} entries of the attachment ${REQUEST_IDS_ATTACHMENT} are malformed and were left out; an entry is {requestId, method, path, status, at?}`;
}

/** The list, or what is wrong with it. */
function readList({ body, path, contentType }: TestResult['attachments'][number]): unknown[] | string {
  if (contentType !== 'application/json') return `its content type is ${contentType}, not application/json`;
  try {
    const text = body?.toString('utf8') ?? (path === undefined ? '' : fs.readFileSync(path, 'utf8'));
    const list = listSchema.safeParse(JSON.parse(text));
    return list.success ? list.data : 'it is not a JSON array';
  } catch (error) {
    // the engine's own message would quote the body
    return error instanceof SyntaxError ? 'it is not JSON' : 'it cannot be read';
  }
}
