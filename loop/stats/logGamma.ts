/**
 * ln Γ(x) for x > 0, to about 15 digits: Stirling's series (Abramowitz & Stegun 6.1.41) from x >= 10 on, and the
 * recurrence Γ(x + 1) = xΓ(x) below.
 *
 * @throws RangeError if x is not above 0.
 */
export function logGamma(x: number): number {
  if (!(x > 0)) throw new RangeError(`logGamma needs a number above 0, got ${x}`);
  let product = 1;
  let shifted = x;
  while (shifted < 10) product *= shifted++;
  const inverse = 1 / shifted;
  const square = inverse * inverse;
  const series =
    inverse *
    (1 / 12 -
      square *
        (1 / 360 -
          square *
            (1 / 1260 - square * (1 / 1680 - square * (1 / 1188 - square * (691 / 360360 - square / 156))))));
  return (shifted - 0.5) * Math.log(shifted) - shifted + HALF_LOG_TWO_PI + series - Math.log(product);
}

const HALF_LOG_TWO_PI = 0.5 * Math.log(2 * Math.PI);

/** ln B(a, b), the log of the beta function, for a > 0 and b > 0. */
export function logBeta(a: number, b: number): number {
  return logGamma(a) + logGamma(b) - logGamma(a + b);
}
