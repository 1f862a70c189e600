import type { Signature } from '../signature.ts';
import { recapThread } from './recapThread.ts';
import { respond } from './respond.ts';
import { routeTicket } from './routeTicket.ts';
import { selectTool } from './selectTool.ts';
import { threadSummaryQuality } from './threadSummaryQuality.ts';

/** Every signature this deployment runs. A new one is one file here and one line below. */
export const catalog: readonly Signature[] = [
  selectTool,
  respond,
  recapThread,
  routeTicket,
  threadSummaryQuality,
];

/** The signature with this id, or null. */
export function signatureById(id: string): Signature | null {
  return catalog.find(signature => signature.id === id) ?? null;
}
