/** @jsxImportSource hono/jsx */
import type { Agreement } from '../../../loop/contract/eval.ts';
import { LEAST_TOLD_APART } from '../../../loop/reward/agreement.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { IntervalBar } from '../pieces/intervalBar.tsx';
import { Section } from '../pieces/page.tsx';
import { percent } from '../wording/figures.ts';

/** In one sentence whether the judge may decide. */
export function agreementSentence({ byTag }: Agreement): string {
  const told = byTag.filter(({ toldApart }) => toldApart !== null);
  const blind = told.filter(({ toldApart }) => (toldApart?.value ?? 0) < LEAST_TOLD_APART);
  if (told.length === 0)
    return 'The anchors hold no good and faulty ones to tell apart, so nothing is shown.';
  const floor = `the floor of ${percent(LEAST_TOLD_APART)}`;
  return blind.length === 0
    ? `The judge tells good anchors from every kind of faulty ones above ${floor}.`
    : `The judge falls below ${floor} on ${blind.map(({ tag }) => tag).join(', ')}: its grades may not decide.`;
}

/** How well a judge tells each kind of fault from good. */
export function AnchorAgreement({ agreement }: { agreement: Agreement }) {
  const { ranks, byTag } = agreement;
  return (
    <Section
      id="agreement"
      title="Agreement with the labels"
      lead="How often a good anchor gets a higher score than a faulty one. A coin gets 50 %."
    >
      <DataTable
        caption="Agreement for each kind of anchor"
        columns={[
          { head: 'Anchors', narrow: true },
          { head: 'Number', figures: true, narrow: true },
          { head: 'Label', figures: true, narrow: true },
          { head: 'Judge', figures: true, narrow: true },
          { head: 'Told from good', wide: true },
        ]}
        rows={byTag.map(({ tag, n, meanExpected, meanScore, toldApart }) => [
          tag,
          String(n),
          meanExpected.toFixed(2),
          meanScore.toFixed(2),
          toldApart === null ? (
            <span class="faint">what the others are compared with</span>
          ) : (
            <Told value={toldApart.value} low={toldApart.interval.low} high={toldApart.interval.high} />
          ),
        ])}
      />
      {ranks && (
        <p class="faint">
          Rank correlation of scores and labels over all {agreement.n}: {ranks.value.toFixed(2)}, 95&nbsp;%
          interval {ranks.interval.low.toFixed(2)} to {ranks.interval.high.toFixed(2)}.
        </p>
      )}
    </Section>
  );
}

function Told({ value, low, high }: { value: number; low: number; high: number }) {
  const words = `${percent(value)}, 95\u00a0% interval ${percent(low)} to ${percent(high)}`;
  return (
    <>
      {words}
      <IntervalBar low={low} value={value} high={high} from={0} to={1} label={words} />
    </>
  );
}
