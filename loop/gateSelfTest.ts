import { pairedGate } from './gate.ts';
import { binomialUpperTail } from './stats/binomial.ts';
import { seededRandom } from './stats/random.ts';

/** How often the gate was fooled where there was nothing to find. */
export interface GateSelfTest {
  /** Null nights tried. */
  readonly runs: number;
  /** Null nights that passed the gate. */
  readonly falseAlarms: number;
  /** The level of the gate, 0 to 1: the share of false alarms it allows. */
  readonly alpha: number;
  /** Chance of so many false alarms, or more, if the level is kept. */
  readonly pValue: number;
}

/** Enough to notice a level that is kept only half as well as stated, within half a second for 500 rows. */
const RUNS = 400;

/**
 * The A/A self-test of the gate on a night's own holdout: which of two answers came from which artifact is decided by a coin for every
 * row, so that both sides are the same by construction, and the gate decides again. Only right-or-wrong scores. Rows that changed stay
 * as many as they were that night, so this is the night's own false-alarm rate and not that of a made-up world.
 */
export function gateSelfTest(night: {
  readonly n: number;
  /** Rows whose outcome differed between the artifacts. */
  readonly changed: number;
  readonly alpha: number;
  readonly seed: string;
}): GateSelfTest {
  const { n, changed, alpha } = night;
  const random = seededRandom(`self-test ${night.seed}`);
  const expectedIds = Array.from({ length: n }, (_, i) => `row-${i}`);
  let falseAlarms = 0;
  for (let run = 0; run < RUNS; run++) {
    const pairs = expectedIds.map((exampleId, i) => {
      if (i >= changed) return { exampleId, before: 1, after: 1 };
      const after = random() < 0.5 ? 1 : 0;
      return { exampleId, before: 1 - after, after };
    });
    if (pairedGate({ pairs, expectedIds, alpha, kind: 'exact', seed: night.seed }).passed) falseAlarms++;
  }
  const pValue = binomialUpperTail({ successes: falseAlarms, n: RUNS, p: alpha });
  return { runs: RUNS, falseAlarms, alpha, pValue };
}
