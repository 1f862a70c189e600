/**
 * How long the answers of one arm took: counts by class of duration. Class `i` ends at 2^(i/4) ms, so a quantile read from it is at most
 * 19 % too high, which a guard that asks for a doubling can bear. It is small enough to lie in the canary's row and be written
 * with every receipt; reading the receipts anew for each verdict would cost more with each of them. Trailing zeros are left out.
 */
export type LatencyHistogram = readonly number[];

const CLASSES_PER_OCTAVE = 4;
// 2^18 ms are four minutes, longer than any predict may take.
const LAST_CLASS = 18 * CLASSES_PER_OCTAVE;

/** The histogram with one more answer. Milliseconds. */
export function withLatency(histogram: LatencyHistogram, ms: number): number[] {
  const at = classOf(ms);
  const counts = Array.from({ length: Math.max(histogram.length, at + 1) }, (_, i) => histogram[i] ?? 0);
  counts[at] = (counts[at] ?? 0) + 1;
  return counts;
}

/** The duration within which the given share (0 < share <= 1) of the answers came, in ms; undefined without answers. */
export function latencyQuantile(histogram: LatencyHistogram, share: number): number | undefined {
  const needed = share * histogram.reduce((sum, count) => sum + count, 0);
  let seen = 0;
  for (const [i, count] of histogram.entries()) {
    seen += count;
    if (count > 0 && seen >= needed) return Math.round(2 ** (i / CLASSES_PER_OCTAVE));
  }
  return undefined;
}

function classOf(ms: number): number {
  // also where a clock ran backwards
  if (!(ms > 1)) return 0;
  return Math.min(LAST_CLASS, Math.ceil(Math.log2(ms) * CLASSES_PER_OCTAVE));
}
