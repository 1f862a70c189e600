import type { Flip, GateReport } from '../contract/compile.ts';
import { pairedGate } from '../gate.ts';
import type { Reward } from '../reward/reward.ts';
import type { Signature } from '../signature.ts';
import type { LabelledExample, Scores } from './labelled.ts';
import { withoutOutage } from './noAnswer.ts';

/** The gate's decision on a holdout that both artifacts answered, with every flip and the scores per label. */
export function gateReport(
  signature: Signature,
  holdout: readonly LabelledExample[],
  control: Scores,
  after: Scores,
  terms: { alpha: number; opening: number; seed: string; kind: Reward['kind'] },
): GateReport {
  const before = withoutOutage(control, after);
  const gate = pairedGate({
    pairs: holdout.map(row => ({
      exampleId: row.exampleId,
      before: before.get(row.exampleId)?.score ?? null,
      after: after.get(row.exampleId)?.score ?? null,
    })),
    expectedIds: holdout.map(row => row.exampleId),
    alpha: terms.alpha,
    kind: terms.kind,
    seed: terms.seed,
  });
  // A holdout that cannot be compared closes the gate for the whole job, with the gate's own words.
  if (gate.pValue === null) throw new Error(gate.reason);
  const byId = new Map(holdout.map(row => [row.exampleId, row]));
  const flips = (ids: readonly string[]): Flip[] =>
    ids.flatMap(id => {
      const row = byId.get(id);
      const [old, now] = [before.get(id), after.get(id)];
      if (!row || !old || !now) return [];
      return [
        {
          exampleId: id,
          input: row.input,
          expected: row.expected,
          before: old.output,
          after: now.output,
          beforeReceiptId: old.receiptId,
          afterReceiptId: now.receiptId,
        },
      ];
    });
  return {
    passed: gate.passed,
    code: gate.code,
    reason: gate.reason,
    n: gate.n,
    before: gate.before,
    after: gate.after,
    gain: gate.gain,
    interval: { low: gate.interval.low, high: gate.interval.high },
    pValue: gate.pValue,
    alpha: gate.alpha,
    opening: terms.opening,
    fixed: flips(gate.fixed),
    broken: flips(gate.broken),
    perLabel: perLabel(signature, holdout, before, after),
  };
}

function perLabel(
  signature: Signature,
  holdout: readonly LabelledExample[],
  before: Scores,
  after: Scores,
): GateReport['perLabel'] {
  const labelOf = (row: LabelledExample) => signature.label?.(row.expected) ?? 'all';
  return [...new Set(holdout.map(labelOf))].sort().map(label => {
    const rows = holdout.filter(row => labelOf(row) === label);
    const mean = (scores: Scores) =>
      rows.reduce((sum, row) => sum + (scores.get(row.exampleId)?.score ?? 0), 0) / rows.length;
    return { label, n: rows.length, before: mean(before), after: mean(after) };
  });
}
