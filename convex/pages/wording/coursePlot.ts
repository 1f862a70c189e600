import type { BoundedPoint } from '../../../loop/canary/bounds.ts';

/** A course as SVG coordinates in a square of 100 by 100, `x,y` pairs with y downwards. */
export interface CoursePlot {
  /** Samples of both arms at the right edge. */
  readonly samples: number;
  /** Share of bad samples at the upper edge. */
  readonly top: number;
  readonly control: string;
  readonly canary: string;
  /** Areas that the canary's line must not enter, and must enter to pass; empty where a bound does not exist. */
  readonly stops: string;
  readonly passes: string;
}

/** Draws the share of bad samples of both arms over all samples counted so far, with the bounds on the canary's share. */
export function coursePlot(points: readonly BoundedPoint[]): CoursePlot {
  const samples = Math.max(1, ...points.map(sampleCount));
  const top = topOf(points);
  const x = (point: BoundedPoint) => two((100 * sampleCount(point)) / samples);
  const y = (share: number) => two(100 - (100 * Math.min(share, top)) / top);
  const line = (shareOf: (point: BoundedPoint) => number | null) =>
    points.flatMap(point => {
      const share = shareOf(point);
      return share === null ? [] : [[x(point), y(share)] as const];
    });
  return {
    samples,
    top,
    control: text(line(point => shareOf(point.control.bad, sizeOf(point.control)))),
    canary: text(line(point => shareOf(point.canary.bad, sizeOf(point.canary)))),
    stops: area(line(stopShare), 0),
    passes: area(line(passShare), 100),
  };
}

/** The canary's share from which it would be stopped; null when none would. */
export function stopShare({ canary, stopsFrom }: BoundedPoint): number | null {
  return stopsFrom === null ? null : shareOf(stopsFrom, sizeOf(canary));
}

/** The canary's share up to which it is shown not to be worse; null when none is. */
export function passShare({ canary, passesTo }: BoundedPoint): number | null {
  return passesTo === null ? null : shareOf(passesTo, sizeOf(canary));
}

/** Samples of both arms. */
export function sampleCount({ control, canary }: BoundedPoint): number {
  return sizeOf(control) + sizeOf(canary);
}

/** Samples of one arm. */
export function sizeOf({ bad, good }: BoundedPoint['canary']): number {
  return bad + good;
}

function shareOf(bad: number, of: number): number | null {
  return of === 0 ? null : bad / of;
}

/** The next 10 % above all that matters at the end; what the first few samples did may lie above the edge. */
function topOf(points: readonly BoundedPoint[]): number {
  const last = points.at(-1);
  if (!last) return 1;
  const shares = [
    shareOf(last.control.bad, sizeOf(last.control)),
    shareOf(last.canary.bad, sizeOf(last.canary)),
    stopShare(last),
    passShare(last),
  ];
  const highest = Math.max(0, ...shares.filter(share => share !== null));
  return Math.min(1, Math.max(0.1, Math.ceil(highest * 12) / 10));
}

/** The area between a line and the edge at `edge`. */
function area(line: readonly (readonly [number, number])[], edge: number): string {
  const [first, last] = [line[0], line.at(-1)];
  return first && last ? text([[first[0], edge], ...line, [last[0], edge]]) : '';
}

function text(line: readonly (readonly [number, number])[]): string {
  return line.map(pair => pair.join(',')).join(' ');
}

function two(value: number): number {
  return Math.round(value * 100) / 100;
}
