import { textOf } from '../compile/wordOverlap.ts';
import { contentHash } from '../contentHash.ts';
import type { Split } from '../contract/example.ts';
import type { Json } from '../contract/json.ts';
import type { Candidate, Skipped } from '../contract/mining.ts';
import type { Receipt } from '../contract/receipt.ts';
import type { Signature } from '../signature.ts';
import type { StoredRow } from './checkExamples.ts';
import { leaksBetweenSplits } from './nearDuplicates.ts';
import { holdsSecret } from './secretText.ts';

/** A receipt and the input it was about, as far as that can be told; null when it cannot. */
export interface Mined {
  readonly receipt: Receipt;
  readonly input: Json | null;
}

/** A row that a new one must not repeat: labelled, or a candidate that was seen before. */
export type KnownRow = Omit<StoredRow, 'split'>;

/** Purposes whose inputs people made. Those of gates and evaluations are rows already. */
const TRAFFIC: readonly Receipt['purpose'][] = ['chat', 'recap', 'exercise'];

/**
 * Candidates from receipts, in their order. A row that repeats a known one, exactly or nearly and in whatever split, is left out: it would
 * teach nothing new, or leak. So is what looks like a secret. The answer in the receipt is a proposal; it is not a label.
 */
export function mine(
  signature: Signature,
  mined: readonly Mined[],
  known: readonly KnownRow[],
  { split, tags }: { split: Split; tags: readonly string[] },
): { candidates: Candidate[]; skipped: Skipped[] } {
  const skipped: Skipped[] = [];
  const skip = ({ receiptId }: Receipt, reason: Skipped['reason'], of: string | null = null) =>
    skipped.push({ receiptId, reason, of });
  const seen = new Map(known.map(row => [contentHash(row.inputJson), row.exampleId]));
  const fresh: Candidate[] = [];
  for (const { receipt, input } of mined) {
    if (!TRAFFIC.includes(receipt.purpose)) skip(receipt, 'not_traffic');
    else if (input === null) skip(receipt, 'input_unknown');
    else if (!signature.input.safeParse(input).success) skip(receipt, 'input_invalid');
    else if (holdsSecret(textOf(input)) || holdsSecret(outputText(receipt))) skip(receipt, 'secret');
    else {
      const hash = contentHash(input);
      const twin = seen.get(hash);
      if (twin !== undefined) skip(receipt, 'duplicate', twin);
      else {
        const candidate = candidateOf(receipt, input, hash, { split, tags });
        seen.set(hash, candidate.exampleId);
        fresh.push(candidate);
      }
    }
  }
  const near = nearOnes(signature, fresh, known);
  return {
    candidates: fresh.filter(({ exampleId }) => !near.has(exampleId)),
    skipped: [
      ...skipped,
      ...fresh.flatMap(({ exampleId, provenance: { receiptId } }): Skipped[] => {
        const of = near.get(exampleId);
        return of === undefined ? [] : [{ receiptId, reason: 'near_duplicate', of }];
      }),
    ],
  };
}

function candidateOf(
  receipt: Receipt,
  input: Json,
  hash: string,
  { split, tags }: { split: Split; tags: readonly string[] },
): Candidate {
  return {
    // From the input, so that the same one is never a candidate twice.
    exampleId: `mined-${hash.slice('sha256:'.length, 'sha256:'.length + 16)}`,
    review: 'pending',
    inputJson: input,
    proposedJson: receipt.result.ok ? receipt.result.output : null,
    split,
    tags: [...tags],
    provenance: {
      receiptId: receipt.receiptId,
      compiledId: receipt.compiledId,
      requestId: receipt.requestId,
      opsRunId: receipt.opsRunId,
      unit: receipt.unit,
      inputHash: receipt.hashes.input,
    },
    decision: null,
  };
}

function outputText({ result }: Receipt): string {
  return result.ok ? textOf(result.output) : '';
}

/** Candidates whose text is nearly that of a known row or of an earlier candidate, with the id of that one. */
function nearOnes(
  signature: Signature,
  candidates: readonly Candidate[],
  known: readonly KnownRow[],
): Map<string, string> {
  const rows: readonly KnownRow[] = [...known, ...candidates];
  const text = ({ inputJson }: KnownRow) =>
    signature.text && signature.input.safeParse(inputJson).success
      ? signature.text(inputJson)
      : textOf(inputJson);
  // Known rows may be alike; every candidate is compared with all rows, as if it were alone in its split.
  const texts = rows.map((row, i) => ({
    split: i < known.length ? 'known' : `candidate ${i}`,
    text: text(row),
  }));
  return new Map(
    leaksBetweenSplits(texts, known.length).flatMap(({ row, of }) => {
      const [here, there] = [rows[row], rows[of]];
      return here && there ? [[here.exampleId, there.exampleId] as const] : [];
    }),
  );
}
