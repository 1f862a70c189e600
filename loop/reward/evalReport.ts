import { type LabelledExample, meanScore, type Scores } from '../compile/labelled.ts';
import type { Score } from '../contract/compile.ts';
import type { AnchorScore, EvalReport, EvalRow } from '../contract/eval.ts';
import type { Json } from '../contract/json.ts';
import type { Artifact } from '../contract/params.ts';
import type { Signature } from '../signature.ts';
import { wilsonInterval } from '../stats/intervals.ts';
import { pairedBootstrap } from '../stats/pairedBootstrap.ts';
import { agreementOf } from './agreement.ts';
import type { Reward } from './reward.ts';

/** A row of an evaluation with its tags. */
export interface EvalExample extends LabelledExample {
  readonly tags: readonly string[];
}

/** What was found about the rows; the rest of a report is known before. */
export type Findings = Pick<EvalReport, 'score' | 'errors' | 'shown' | 'perLabel' | 'rows' | 'anchors'>;

// A report of some thousand rows must stay small enough to be read at once.
const LONGEST_TEXT = 600;

/** The findings on rows that were all scored. `isJudge`: the rows are anchors, and what counts is agreement. */
export function findingsOf(
  signature: Signature,
  artifact: Artifact,
  reward: Reward,
  rows: readonly EvalExample[],
  scores: Scores,
  isJudge: boolean,
): Findings {
  const shots = new Set(artifact.params.fewShots.map(shot => shot.exampleId));
  const shown = rows.filter(row => shots.has(row.exampleId)).map(row => row.exampleId);
  const counted = rows.filter(row => !shots.has(row.exampleId));
  return {
    score: scoreOf(reward, scores, counted),
    errors: [...scores.values()].filter(score => score.errorCode !== null).length,
    shown,
    perLabel: perLabel(signature, scores, counted),
    rows: rows
      .map(row => evalRow(row, scores))
      .sort((a, b) => a.score - b.score || (a.exampleId < b.exampleId ? -1 : 1)),
    anchors: isJudge ? anchorsOf(rows, scores) : null,
  };
}

function scoreOf(reward: Reward, scores: Scores, rows: readonly EvalExample[]): Score {
  const n = rows.length;
  const mean = meanScore(scores, rows, new Set()) ?? 0;
  const values = rows.map(row => scores.get(row.exampleId)?.score ?? 0);
  const { low, high } =
    reward.kind === 'exact'
      ? wilsonInterval({ successes: Math.round(mean * n), n })
      : pairedBootstrap({ differences: values, seed: 'eval', resamples: 2_000 }).interval;
  return { n, mean, low: Math.max(0, low), high };
}

function perLabel(
  signature: Signature,
  scores: Scores,
  rows: readonly EvalExample[],
): EvalReport['perLabel'] {
  if (!signature.label) return [];
  const groups = new Map<string, EvalExample[]>();
  for (const row of rows) {
    const label = signature.label(row.expected);
    groups.set(label, [...(groups.get(label) ?? []), row]);
  }
  return [...groups]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([label, own]) => ({ label, n: own.length, mean: meanScore(scores, own, new Set()) ?? 0 }));
}

function evalRow(row: EvalExample, scores: Scores): EvalRow {
  const score = scores.get(row.exampleId);
  if (!score) throw new Error(`example ${row.exampleId} was not scored`);
  return {
    exampleId: row.exampleId,
    tags: [...row.tags],
    score: score.score,
    errorCode: score.errorCode,
    receiptId: score.receiptId,
    input: shortText(row.input),
    expected: shortText(row.expected),
    output: score.output === null ? null : shortText(score.output),
    notes: score.notes ? cut(score.notes) : null,
  };
}

function anchorsOf(rows: readonly EvalExample[], scores: Scores): EvalReport['anchors'] {
  const anchors = rows.flatMap((row): AnchorScore[] => {
    const [given, expected] = [scoreIn(scores.get(row.exampleId)?.output ?? null), scoreIn(row.expected)];
    if (given === null || expected === null) return [];
    return [{ exampleId: row.exampleId, tags: [...row.tags], expected, score: given }];
  });
  return { agreement: agreementOf(anchors), scores: anchors };
}

/** The `score` of a judge's answer or of a label. */
function scoreIn(value: Json): number | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  return typeof value.score === 'number' ? value.score : null;
}

function shortText(value: Json): string {
  return cut(typeof value === 'string' ? value : JSON.stringify(value));
}

function cut(text: string): string {
  const more = text.length - LONGEST_TEXT;
  return more <= 0 ? text : `${text.slice(0, LONGEST_TEXT)}… (${more} more characters)`;
}
