/** @jsxImportSource hono/jsx */
import type { BoundedPoint } from '../../../loop/canary/bounds.ts';
import { thinned } from '../../../loop/canary/course.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { When } from '../pieces/when.tsx';
import { coursePlot, passShare, sampleCount, sizeOf, stopShare } from '../wording/coursePlot.ts';
import { percent, whole } from '../wording/figures.ts';

/** Rows of the table that says the same as the chart. */
const ROWS = 12;

interface CanaryChartProps {
  /** Tells the charts of a page apart. */
  readonly id: string;
  /** What is counted, such as `Wrong answers`. */
  readonly title: string;
  readonly points: readonly BoundedPoint[];
}

/** Both arms of a canary as their samples came, between the bounds of the sequential test; with the same as a table. */
export function CanaryChart({ id, title, points }: CanaryChartProps) {
  const last = points.at(-1);
  if (!last || sampleCount(last) === 0) return null;
  const plot = coursePlot(points);
  return (
    <figure class="course">
      <figcaption>{title}</figcaption>
      <div class="course-plot">
        <span class="course-top">{percent(plot.top)}</span>
        <span class="course-bottom">0</span>
        <svg viewBox="0 0 100 100" preserveAspectRatio="none" role="img" aria-label={sentenceOf(title, last)}>
          <polygon class="stops" points={plot.stops} />
          <polygon class="passes" points={plot.passes} />
          <polyline class="control" points={plot.control} />
          <polyline class="canary" points={plot.canary} />
        </svg>
        <span class="course-left">first answer</span>
        <span class="course-right">{whole(plot.samples)} answers</span>
      </div>
      <details id={id}>
        <summary>The same as a table</summary>
        <DataTable
          caption={`${title} of both arms as they were counted`}
          columns={['When', 'Answers', 'Control', 'Canary', 'Stops from', 'Passes up to'].map((head, at) => ({
            head,
            figures: at > 0,
          }))}
          rows={thinned(points, ROWS).map(point => [
            <When at={point.at} clock />,
            whole(sampleCount(point)),
            `${point.control.bad} of ${sizeOf(point.control)}`,
            `${point.canary.bad} of ${sizeOf(point.canary)}`,
            shareWords(stopShare(point)),
            shareWords(passShare(point)),
          ])}
        />
      </details>
    </figure>
  );
}

/** What the lines and areas of the charts mean. */
export function ChartKey() {
  return (
    <ul class="course-key">
      <li>
        <Swatch kind="control" /> control
      </li>
      <li>
        <Swatch kind="canary" /> canary
      </li>
      <li>
        <Swatch kind="stops" /> there the canary is stopped
      </li>
      <li>
        <Swatch kind="passes" /> there it is shown not to be worse
      </li>
    </ul>
  );
}

function Swatch({ kind }: { kind: 'control' | 'canary' | 'stops' | 'passes' }) {
  return (
    <svg class="swatch" viewBox="0 0 100 100" preserveAspectRatio="none" aria-hidden="true">
      {kind === 'control' || kind === 'canary' ? (
        <polyline class={kind} points="0,50 100,50" />
      ) : (
        <polygon class={kind} points="0,0 100,0 100,100 0,100" />
      )}
    </svg>
  );
}

function sentenceOf(title: string, last: BoundedPoint): string {
  const { control, canary } = last;
  const stops = stopShare(last);
  const passes = passShare(last);
  return [
    `${title}: canary ${canary.bad} of ${sizeOf(canary)}, control ${control.bad} of ${sizeOf(control)}.`,
    stops === null ? 'No share would stop the canary yet.' : `From ${percent(stops)} on it is stopped.`,
    passes === null
      ? 'No share would show yet that it is not worse.'
      : `Up to ${percent(passes)} it is shown not to be worse.`,
  ].join(' ');
}

function shareWords(share: number | null): string {
  return share === null ? 'no share yet' : percent(share);
}
