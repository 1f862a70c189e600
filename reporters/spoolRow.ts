import * as z from 'zod';
import { idSchema } from '../loop/contract/json.ts';
import type {
  OpsEvent,
  opsRunFinishRequestSchema,
  opsRunStartRequestSchema,
} from '../loop/contract/opsRun.ts';

/** The first line of a spool file: whose rows these are and where they go. */
export const spoolHeaderSchema = z.strictObject({
  spool: z.literal(1),
  runId: idSchema,
  baseUrl: z.string().min(1),
  pid: z.number().int(),
  host: z.string(),
});
export type SpoolHeader = z.infer<typeof spoolHeaderSchema>;

/** Every other line: one thing to tell the server, in order. */
export type SpoolRow =
  | { readonly op: 'start'; readonly request: z.infer<typeof opsRunStartRequestSchema> }
  | { readonly op: 'event'; readonly event: OpsEvent }
  | { readonly op: 'finish'; readonly request: z.infer<typeof opsRunFinishRequestSchema> };

/** The row of a line, or null when it is none. What is in it was written by us and is checked by the server. */
export function rowOf(line: string): SpoolRow | null {
  try {
    const row = JSON.parse(line) as SpoolRow;
    const isRow = row.op === 'event' ? row.event.eventId : row.request.runId;
    return typeof isRow === 'string' ? row : null;
  } catch {
    return null;
  }
}
