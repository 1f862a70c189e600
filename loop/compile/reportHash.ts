import { contentHash } from '../contentHash.ts';
import type { CompileReport, Flip } from '../contract/compile.ts';

/** Content hash of all that a compile found and decided. Ids, times, costs and receipts of this run are left out. */
export function reportHashOf(report: Omit<CompileReport, 'reportHash'>): string {
  const {
    reportId: _,
    jobId: __,
    createdAt: ___,
    durationMs: ____,
    progress: _____,
    gate,
    ...found
  } = report;
  const bare = (flips: readonly Flip[]) =>
    flips.map(flip => ({ ...flip, beforeReceiptId: null, afterReceiptId: null }));
  return contentHash({
    ...found,
    gate: gate && { ...gate, fixed: bare(gate.fixed), broken: bare(gate.broken) },
  });
}
