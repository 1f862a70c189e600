import { type Interval, pairedDifferenceInterval } from './stats/intervals.ts';
import { mcnemarPValue } from './stats/mcnemar.ts';
import { pairedBootstrap, USUAL_RESAMPLES } from './stats/pairedBootstrap.ts';

/**
 * One holdout item scored twice: with today's artifact (`before`) and with the candidate (`after`). A call that failed is
 * an outcome and scores 0; null means that the item was never scored, which closes the gate.
 */
export type GatePair = { exampleId: string; before: number | null; after: number | null };

/** What the gate decides on. */
export type GateInput = {
  pairs: readonly GatePair[];
  /** Every item of the sealed holdout, from the data revision. The pairs must be exactly these. */
  expectedIds: readonly string[];
  /** Level of the one-sided test, above 0 and at most 0.5: from the alpha ledger. */
  alpha: number;
  /** `exact`: scores are 0 or 1, exact McNemar test. `graded`: scores are 0 to 1, paired bootstrap. */
  kind: 'exact' | 'graded';
  /** Seeds the bootstrap. The same input and seed give the same result for ever. */
  seed: string;
};

/** The scores were compared. Only `better` opens the gate. */
export type GateComparisonCode = 'better' | 'not_significant' | 'tie' | 'worse';

/** The scores could not be compared, so the gate stays shut. */
export type GateRefusalCode =
  | 'too_few_items'
  | 'missing_pairs'
  | 'unexpected_pairs'
  | 'duplicate_pairs'
  | 'unscored_pairs'
  | 'invalid_scores'
  | 'invalid_alpha';

export type GateCode = GateComparisonCode | GateRefusalCode;

type Asked = {
  kind: 'exact' | 'graded';
  alpha: number;
  /** Items in the holdout. */
  n: number;
};

/** A decision on compared scores, with what a report needs to show it. */
export type GateComparison = Asked & {
  passed: boolean;
  code: GateComparisonCode;
  /** The decision in plain words. */
  reason: string;
  pValue: number;
  /** Mean scores, 0 to 1. */
  before: number;
  after: number;
  /** after - before, -1 to 1. */
  gain: number;
  /** Two-sided interval of the gain. */
  interval: Interval;
  /** Items that scored higher and lower than before, in the order of `expectedIds`. */
  fixed: string[];
  broken: string[];
};

/** A refusal to compare. There are no figures: they are null, not 0. */
export type GateRefusal = Asked & {
  passed: false;
  code: GateRefusalCode;
  reason: string;
  pValue: null;
  before: null;
  after: null;
  gain: null;
  interval: null;
  fixed: [];
  broken: [];
};

/** The gate's decision. `pValue === null` tells a refusal from a comparison. */
export type GateResult = GateComparison | GateRefusal;

/** With fewer items even a perfect night proves little: 10 fixed of 10 has p = 0.001. */
export const GATE_MIN_ITEMS = 10;

/**
 * The paired gate: does the candidate beat today's artifact on the holdout? A pure function; it fails closed. Anything wrong
 * with the pairs shuts it with a code, and equal scores are a `tie`, which shows neither a gain nor that nothing got worse.
 */
export function pairedGate(input: GateInput): GateResult {
  const refusal = refusalOf(input);
  if (refusal) return refused(input, refusal);
  const compared = compare(input);
  return { ...compared, ...decide(compared) };
}

type ScoredPair = { exampleId: string; before: number; after: number };
type Decision = Pick<GateComparison, 'passed' | 'code' | 'reason'>;
type Compared = Omit<GateComparison, keyof Decision>;
type Refusal = Pick<GateRefusal, 'code' | 'reason'>;

function refused({ kind, alpha, expectedIds }: GateInput, refusal: Refusal): GateRefusal {
  const figures = { pValue: null, before: null, after: null, gain: null, interval: null };
  return { passed: false, ...refusal, kind, alpha, n: expectedIds.length, ...figures, fixed: [], broken: [] };
}

function refusalOf({ pairs, expectedIds, alpha, kind }: GateInput): Refusal | undefined {
  const refuse = (code: GateRefusalCode, reason: string): Refusal => ({ code, reason });
  const expected = new Set(expectedIds);
  const seen = new Set(pairs.map(pair => pair.exampleId));
  const missing = expectedIds.filter(id => !seen.has(id));
  const unexpected = [...seen].filter(id => !expected.has(id));
  const duplicates = [...repeated(expectedIds), ...repeated(pairs.map(pair => pair.exampleId))];
  const unscored = pairs.filter(pair => pair.before === null || pair.after === null);
  const invalid = pairs.filter(pair => !isScore(pair.before, kind) || !isScore(pair.after, kind));

  if (!(alpha > 0 && alpha <= 0.5))
    return refuse('invalid_alpha', `The level of the test must be above 0 and at most 0.5, got ${alpha}.`);
  if (expected.size < GATE_MIN_ITEMS)
    return refuse(
      'too_few_items',
      `The holdout has ${expected.size} items; the least is ${GATE_MIN_ITEMS}. Add labelled holdout examples.`,
    );
  if (duplicates.length > 0)
    return refuse('duplicate_pairs', `These items appear more than once: ${named(duplicates)}.`);
  if (missing.length > 0)
    return refuse('missing_pairs', `These holdout items have no pair of scores: ${named(missing)}.`);
  if (unexpected.length > 0)
    return refuse('unexpected_pairs', `These items are not in the holdout: ${named(unexpected)}.`);
  if (unscored.length > 0)
    return refuse('unscored_pairs', `These items were not scored on both sides: ${named(idsOf(unscored))}.`);
  if (invalid.length > 0)
    return refuse(
      'invalid_scores',
      `Scores must be ${kind === 'exact' ? '0 or 1' : 'from 0 to 1'}; not so for ${named(idsOf(invalid))}.`,
    );
  return undefined;
}

function compare({ pairs, expectedIds, alpha, kind, seed }: GateInput): Compared {
  const byId = new Map(pairs.map(pair => [pair.exampleId, pair as ScoredPair]));
  const ordered = expectedIds.map(id => byId.get(id) as ScoredPair); // refusalOf has checked that all are there
  const n = ordered.length;
  const fixed = idsOf(ordered.filter(pair => pair.after > pair.before));
  const broken = idsOf(ordered.filter(pair => pair.after < pair.before));
  const before = mean(ordered.map(pair => pair.before));
  const after = mean(ordered.map(pair => pair.after));
  const gain = mean(ordered.map(pair => pair.after - pair.before));
  const counts = { fixed: fixed.length, broken: broken.length };
  const { pValue, interval } =
    kind === 'exact'
      ? { pValue: mcnemarPValue(counts), interval: pairedDifferenceInterval({ ...counts, n }) }
      : pairedBootstrap({
          differences: ordered.map(pair => pair.after - pair.before),
          seed,
          resamples: Math.min(MOST_RESAMPLES, Math.max(USUAL_RESAMPLES, Math.ceil(20 / alpha))),
        });
  return { kind, alpha, n, pValue, before, after, gain, interval, fixed, broken };
}

/** Keeps the bootstrap of 200 items within 0.2 s; an alpha too small for this many to resolve keeps the gate shut. */
const MOST_RESAMPLES = 50_000;

function decide({
  kind,
  alpha,
  n,
  pValue,
  before,
  after,
  gain,
  interval,
  fixed,
  broken,
}: Compared): Decision {
  const flips = `Of ${n} holdout items, ${fixed.length} got better and ${broken.length} worse`;
  const means = `${percent(before)} before, ${percent(after)} after`;
  const range = `${points(gain)} points, 95 % interval ${points(interval.low)} to ${points(interval.high)}`;
  const test = kind === 'exact' ? 'one-sided exact McNemar test' : 'one-sided paired bootstrap';
  const evidence = `${flips}: ${means} (${range}).`;
  if (fixed.length === broken.length && Math.abs(gain) < 1e-12)
    return {
      passed: false,
      code: 'tie',
      reason: `${evidence} A tie shows neither a gain nor that nothing got worse.`,
    };
  if (gain <= 0) return { passed: false, code: 'worse', reason: `${evidence} The candidate is not better.` };
  if (pValue > alpha)
    return {
      passed: false,
      code: 'not_significant',
      reason: `${evidence} This could be chance: ${test} p = ${small(pValue)}, above the ${small(alpha)} allowed.`,
    };
  return {
    passed: true,
    code: 'better',
    reason: `${evidence} Better than chance explains: ${test} p = ${small(pValue)}, within the ${small(alpha)} allowed.`,
  };
}

function isScore(score: number | null, kind: GateInput['kind']): boolean {
  return score !== null && (kind === 'exact' ? score === 0 || score === 1 : score >= 0 && score <= 1);
}

function repeated(ids: readonly string[]): string[] {
  const seen = new Set<string>();
  return [...new Set(ids.filter(id => seen.has(id) || !seen.add(id)))];
}

function idsOf(pairs: readonly GatePair[]): string[] {
  return pairs.map(pair => pair.exampleId);
}

function named(ids: readonly string[]): string {
  const shown = ids.slice(0, 10).join(', ');
  return ids.length > 10 ? `${shown} and ${ids.length - 10} more` : shown;
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function points(share: number): string {
  return `${share < 0 ? '-' : '+'}${Math.abs(share * 100).toFixed(1)}`;
}

function small(probability: number): string {
  return probability >= 0.0001 ? probability.toFixed(4) : probability.toExponential(1);
}
