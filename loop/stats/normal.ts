/** Density of the standard normal variable at `z`. */
export function normalDensity(z: number): number {
  return Math.exp(-0.5 * z * z) / Math.sqrt(2 * Math.PI);
}

// Chebyshev coefficients of Numerical Recipes, third edition, 6.2.2: relative error below 1.2e-7 everywhere, tails included.
const ERFC = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587,
  -0.82215223, 0.17087277,
];

/** The chance that a standard normal variable is below `z`. */
export function normalCdf(z: number): number {
  const x = Math.abs(z) / Math.SQRT2;
  const t = 1 / (1 + x / 2);
  const upper = (t * Math.exp(-x * x + ERFC.reduceRight((sum, c) => sum * t + c, 0))) / 2;
  return z > 0 ? 1 - upper : upper;
}
