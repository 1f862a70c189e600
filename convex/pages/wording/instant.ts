/** `2026-03-04 03:12 UTC` for milliseconds since 1970. */
export function utcMinute(at: number): string {
  return `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

/** `03:12:09` in UTC. */
export function utcClock(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

/** The machine-readable form for `<time datetime>`. */
export function isoInstant(at: number): string {
  return new Date(at).toISOString();
}
