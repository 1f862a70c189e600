/** @jsxImportSource hono/jsx */
import type { GateReport } from '../../../loop/contract/compile.ts';
import { counted, points } from '../wording/figures.ts';

/** The table below it names all of them. */
const MOST_NAMED = 3;

/** Kinds of answer that the new prompt gets right less often: a gain on the whole may hide them. */
export function LabelFalls({ perLabel }: Pick<GateReport, 'perLabel'>) {
  const fallen = perLabel
    .filter(({ before, after }) => after < before)
    .toSorted((a, b) => a.after - a.before - (b.after - b.before));
  if (fallen.length === 0) return null;
  const more = fallen.length - MOST_NAMED;
  return (
    <p>
      {fallen.length} of {counted(perLabel.length, 'kind')} of answer got worse:{' '}
      {fallen.slice(0, MOST_NAMED).map(({ label, n, before, after }, at) => (
        <>
          {at > 0 && ', '}
          <code>{label}</code> {points(after - before)} points ({counted(n, 'example')})
        </>
      ))}
      {more > 0 && `, and ${more} more`}. See <a href="#labels">all kinds of answer</a>.
    </p>
  );
}
