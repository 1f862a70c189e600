import type { Json } from '../contract/json.ts';
import { mcnemarPValue } from '../stats/mcnemar.ts';
import type { Arena } from './arena.ts';
import { type Candidate, type Proposal, shownRows, variant } from './candidate.ts';
import type { LabelledExample } from './labelled.ts';
import type { Failures } from './proposer.ts';
import { pairsOf } from './racing.ts';
import { textOf } from './wordOverlap.ts';

/** Puts failed examples to the model that proposes; null when it has no answer. Answers from the ledger where it can. */
export type Propose = (failures: Failures) => Promise<string | null>;

/** Two rounds read one half of the train rows each and test on the other. */
const ROUNDS = 2;
/** The labels with most errors, of which the model proposes an edit each. */
const EDITS_PER_ROUND = 3;
/** Failures shown at once: enough to have something in common, few enough to be read. */
const SHOWN_FAILURES = 12;
/** Chance that a round accepts an edit which helps nothing; its edits share it. */
const ACCEPT_LEVEL = 0.05;

/**
 * `reflective.v1`: a model reads failed examples of one half of the train rows and proposes edits of the instruction; the best edit is
 * accepted only if a paired test on the other half, which it has not read, says that it helps. The halves then change places.
 */
export async function reflective(arena: Arena, from: Candidate, propose: Propose): Promise<Candidate> {
  const middle = Math.floor(arena.rows.length / 2);
  const halves = [arena.rows.slice(0, middle), arena.rows.slice(middle)] as const;
  let current = from;
  for (let round = 1; round <= ROUNDS; round++) {
    const [read, fresh] = round % 2 === 1 ? halves : [halves[1], halves[0]];
    const edits = await editsOf(arena, current, read, round, propose);
    if (edits.length === 0) continue;
    const best = await arena.race(current, edits, fresh);
    if (best === current) continue;
    const { wins, losses } = pairsOf(best, current, fresh);
    const pValue = mcnemarPValue({ fixed: wins, broken: losses });
    if (pValue > ACCEPT_LEVEL / edits.length) {
      best.dropped = `Not accepted: on ${fresh.length} fresh train rows ${wins} better and ${losses} worse, p = ${pValue.toPrecision(2)}.`;
      continue;
    }
    const through = await arena.complete(best);
    if (through.dropped !== null) break;
    current = through;
  }
  return current;
}

async function editsOf(
  arena: Arena,
  from: Candidate,
  read: readonly LabelledExample[],
  round: number,
  propose: Propose,
): Promise<Proposal[]> {
  const { signature } = arena;
  const shown = shownRows(from.artifact);
  const { instruction } = from.artifact.params;
  const edits: Proposal[] = [];
  for (const [label, failed] of failuresByLabel(arena, from, read, shown).slice(0, EDITS_PER_ROUND)) {
    const some = failed.slice(0, SHOWN_FAILURES);
    const words = await propose({
      question: `Which wording is typical of messages for ${label}?`,
      missed: some.map(row => oneLine(signature.text?.(row.input) ?? textOf(row.input))).join('\n'),
      taken_for: [...new Set(some.map(row => answerOf(from, row)))].join('\n'),
      instruction,
    });
    if (words === null || words === '') continue;
    edits.push(
      variant(
        signature,
        from.artifact,
        { instruction: `${instruction}\n- ${label}: ${words}` },
        `reflective.v1: round ${round}, what it read of ${label}`,
      ),
    );
  }
  return edits;
}

/** Labels with their wrong rows, the one with most first. */
function failuresByLabel(
  { signature }: Arena,
  from: Candidate,
  read: readonly LabelledExample[],
  shown: ReadonlySet<string>,
): [string, LabelledExample[]][] {
  const failures = new Map<string, LabelledExample[]>();
  for (const row of read) {
    if (shown.has(row.exampleId) || (from.train.get(row.exampleId)?.score ?? 1) >= 1) continue;
    const label = signature.label?.(row.expected) ?? 'all';
    failures.set(label, [...(failures.get(label) ?? []), row]);
  }
  return [...failures].sort(([a, x], [b, y]) => y.length - x.length || (a < b ? -1 : 1));
}

function answerOf(from: Candidate, row: LabelledExample): string {
  const output: Json = from.train.get(row.exampleId)?.output ?? null;
  return output === null ? 'no answer' : oneLine(textOf(output));
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim();
}
