/** @jsxImportSource hono/jsx */

interface IntervalBarProps {
  readonly low: number;
  readonly value: number;
  readonly high: number;
  /** Ends of the scale. */
  readonly from: number;
  readonly to: number;
  /** Says the same in words. */
  readonly label: string;
  readonly tone?: 'control' | 'canary' | 'gain';
  /** Draws a line at 0. */
  readonly zero?: boolean;
}

/** A value with its interval on a scale, as an SVG that stretches to the room it has. */
export function IntervalBar({ low, value, high, from, to, label, tone = 'gain', zero }: IntervalBarProps) {
  const x = (at: number) => (100 * (Math.min(to, Math.max(from, at)) - from)) / (to - from);
  const width = Math.max(0.4, x(high) - x(low));
  return (
    <svg
      class={`interval ${tone}`}
      viewBox="0 0 100 20"
      preserveAspectRatio="none"
      role="img"
      aria-label={label}
    >
      <title>{label}</title>
      <line class="scale" x1="0" y1="10" x2="100" y2="10" />
      {zero && <line class="zero" x1={x(0)} y1="0" x2={x(0)} y2="20" />}
      <rect class="range" x={x(low)} y="6" width={width} height="8" />
      <line class="value" x1={x(value)} y1="2" x2={x(value)} y2="18" />
    </svg>
  );
}
