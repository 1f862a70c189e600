const MINUS = '\u2212';
/** Keeps a figure and its unit on one line. */
const NO_BREAK = '\u00a0';

/** A share (0 to 1) as percent, with at most one decimal: `64 %`, `64.5 %`. */
export function percent(share: number): string {
  return `${trimmed(share * 100)}${NO_BREAK}%`;
}

/** A difference of shares (-1 to 1) as signed points without the unit: `+14`, `−2.5`, `0`. */
export function points(difference: number): string {
  const text = trimmed(Math.abs(difference * 100));
  if (text === '0') return '0';
  return `${difference < 0 ? MINUS : '+'}${text}`;
}

/** The same with its unit: `+14 points`, `+1 point`. */
export function pointsWords(difference: number): string {
  const text = points(difference);
  return `${text} ${text.slice(1) === '1' ? 'point' : 'points'}`;
}

/** A time span given in milliseconds: `850 ms`, `12.3 s`, `4 min 5 s`, `1 h 12 min`. */
export function duration(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 59_950) return `${trimmed(ms / 1_000)} s`;
  const seconds = Math.round(ms / 1_000);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return seconds % 60 === 0 ? `${minutes} min` : `${minutes} min ${seconds % 60} s`;
  const rest = minutes % 60;
  return rest === 0 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 60)} h ${rest} min`;
}

/** A whole number with thousands set apart by a thin space, as in `12 345`. */
export function whole(n: number): string {
  return Math.round(n)
    .toString()
    .replace(/\B(?=(\d{3})+$)/g, '\u202f');
}

/** A count with its noun: `1 test`, `3 tests`. */
export function counted(n: number, noun: string, plural = `${noun}s`): string {
  return `${whole(n)} ${n === 1 ? noun : plural}`;
}

/** A probability: `0.031`, `0.0004`, `below 0.0001`. */
export function probability(p: number): string {
  if (p < 0.0001) return p <= 0 ? '0' : 'below 0.0001';
  return p.toFixed(p >= 0.1 ? 3 : 4).replace(/\.?0+$/, '');
}

/** United States dollars; null means that no price is known. */
export function dollars(usd: number | null): string {
  if (usd === null) return 'price unknown';
  if (usd === 0) return '$0';
  return usd < 0.01 ? `$${usd.toFixed(5)}` : `$${usd.toFixed(2)}`;
}

/** At most one decimal, none when it is 0. */
function trimmed(value: number): string {
  return value.toFixed(1).replace(/\.0$/, '');
}
