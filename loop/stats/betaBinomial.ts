import { logBeta } from './logGamma.ts';

/**
 * P(X = k) for k = 0 to `n`, where X counts successes of `n` trials whose common probability is Beta(a, b): what is known of it from
 * earlier trials. Each term follows from the one before by its ratio, in logarithms, so that it neither under- nor overflows.
 */
export function betaBinomial(n: number, a: number, b: number): Float64Array {
  const terms = new Float64Array(n + 1);
  let log = logBeta(a, b + n) - logBeta(a, b);
  for (let k = 0; k <= n; k++) {
    terms[k] = Math.exp(log);
    log += Math.log(((n - k) / (k + 1)) * ((a + k) / (b + n - k - 1)));
  }
  return terms;
}
