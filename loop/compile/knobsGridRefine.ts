import type { Json } from '../contract/json.ts';
import { type Artifact, type Params, paramsSchema } from '../contract/params.ts';
import type { Arena } from './arena.ts';
import { type Candidate, type Proposal, variant } from './candidate.ts';

/** A param besides instruction and few-shots, and values to try for it. */
export interface Knob {
  /**
   * Where it stands in the params: `strategy`, `decode.policy`, `decode.maxRepairs`, `models.main`, `rlmLite.chunkChars`,
   * `budgets.maxRlmIterations` and the like. `rlmLite` as a whole is one too.
   */
  readonly path: string;
  readonly values: readonly Json[];
}

/**
 * `knobs_grid_refine.v1`: one knob after the other, first every value, then, for whole numbers, the middles between the best and its
 * neighbours. A combination that no params allow, such as a chunk size without `rlmLite`, is left out.
 */
export async function knobsGridRefine(
  arena: Arena,
  from: Candidate,
  knobs: readonly Knob[],
): Promise<Candidate> {
  let current = from;
  for (const knob of knobs) {
    current = await arena.race(current, turned(arena, current, knob.path, knob.values));
    const middles = middlesAround(valueAt(current.artifact.params, knob.path), knob.values);
    current = await arena.race(current, turned(arena, current, knob.path, middles));
  }
  return current;
}

function turned(arena: Arena, from: Candidate, path: string, values: readonly Json[]): Proposal[] {
  return values.flatMap(value => {
    const params = withValue(from.artifact, path, value);
    if (params === null) return [];
    const origin = `knobs_grid_refine.v1: ${path} ${JSON.stringify(value)}`;
    const turnedTo = variant(arena.signature, from.artifact, params, origin);
    return turnedTo.compiledId === from.compiledId ? [] : [turnedTo];
  });
}

/** Whole numbers half-way between `value` and the values beside it. */
function middlesAround(value: Json | undefined, values: readonly Json[]): number[] {
  if (typeof value !== 'number') return [];
  const numbers = values.filter(other => typeof other === 'number');
  const beside = [
    Math.max(...numbers.filter(other => other < value)),
    Math.min(...numbers.filter(other => other > value)),
  ].filter(Number.isFinite);
  return beside.map(other => Math.round((other + value) / 2)).filter(middle => !numbers.includes(middle));
}

function valueAt(params: Params, path: string): Json | undefined {
  return path
    .split('.')
    .reduce<Json | undefined>((value, step) => (isRecord(value) ? value[step] : undefined), plain(params));
}

/** The params with a value put at a path, or null when no params can be so. */
function withValue({ params }: Artifact, path: string, value: Json): Params | null {
  const copy = plain(params);
  const steps = path.split('.');
  const last = steps.pop() ?? '';
  const holder = steps.reduce<Json | undefined>(
    (inner, step) => (isRecord(inner) ? inner[step] : undefined),
    copy,
  );
  if (!isRecord(holder)) return null;
  holder[last] = value;
  const parsed = paramsSchema.safeParse(copy);
  return parsed.success ? parsed.data : null;
}

function plain(params: Params): Json {
  return JSON.parse(JSON.stringify(params)) as Json;
}

function isRecord(value: Json | undefined): value is { [key: string]: Json } {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
