import * as z from 'zod';
import { idSchema } from '../loop/contract/json.ts';
import {
  opsEventSchema,
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
export const spoolRowSchema = z.discriminatedUnion('op', [
  z.strictObject({ op: z.literal('start'), request: opsRunStartRequestSchema }),
  z.strictObject({ op: z.literal('event'), event: opsEventSchema }),
  z.strictObject({ op: z.literal('finish'), request: opsRunFinishRequestSchema }),
]);
export type SpoolRow = z.infer<typeof spoolRowSchema>;
