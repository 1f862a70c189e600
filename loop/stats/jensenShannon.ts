/**
 * Jensen-Shannon distance of two distributions given as counts: the square root of their Jensen-Shannon divergence to base 2. A
 * metric from 0 (equal shares) to 1 (nothing in common), defined also where a key is missing on one side. 0 when both are empty, 1
 * when only one is.
 *
 * Source: Lin 1991; that the root is a metric: Endres & Schindelin 2003.
 */
export function jensenShannon(a: ReadonlyMap<string, number>, b: ReadonlyMap<string, number>): number {
  const [totalA, totalB] = [sum(a), sum(b)];
  if (totalA === 0 || totalB === 0) return totalA === totalB ? 0 : 1;
  let divergence = 0;
  for (const key of new Set([...a.keys(), ...b.keys()])) {
    const p = (a.get(key) ?? 0) / totalA;
    const q = (b.get(key) ?? 0) / totalB;
    const middle = (p + q) / 2;
    if (p > 0) divergence += (p * Math.log2(p / middle)) / 2;
    if (q > 0) divergence += (q * Math.log2(q / middle)) / 2;
  }
  // Rounding can leave it a hair outside.
  return Math.sqrt(Math.min(1, Math.max(0, divergence)));
}

function sum(counts: ReadonlyMap<string, number>): number {
  let total = 0;
  for (const count of counts.values()) total += count;
  return total;
}
