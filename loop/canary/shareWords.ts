/** Counts as a reader wants them: `3 of 20 (15 %)`. */
export function shareWords(part: number, whole: number): string {
  return whole === 0 ? 'no samples' : `${part} of ${whole} (${percentWords(part / whole)})`;
}

/** A share from 0 to 1 in percent, with one digit where it says something. */
export function percentWords(share: number): string {
  return `${Number((share * 100).toFixed(1))} %`;
}

/** A difference of shares in points. */
export function pointsWords(difference: number): string {
  return `${Number((difference * 100).toFixed(1))} points`;
}
