/** @jsxImportSource hono/jsx */
import type { CompileReport, GateReport } from '../../../loop/contract/compile.ts';
import { IntervalBar } from '../pieces/intervalBar.tsx';
import { LinkedText } from '../pieces/linkedText.tsx';
import { Section } from '../pieces/page.tsx';
import { counted, percent, points, pointsWords } from '../wording/figures.ts';
import { gainFigures, rightOf } from '../wording/verdictSentence.ts';
import { LabelFalls } from './labelFalls.tsx';

/** Before and after on the sealed holdout, with the interval of the difference and the test behind it. */
export function GainSection({ report }: { report: CompileReport }) {
  const { gate } = report;
  if (gate === null)
    return (
      <Section id="gain" title="Before and after">
        <p>
          <LinkedText text={report.reason} />
        </p>
        <p class="faint">{report.power}</p>
      </Section>
    );
  return (
    <Section
      id="gain"
      title="Before and after"
      lead={`On ${counted(gate.n, 'sealed example')} that the search never saw.`}
    >
      <div class="gain">
        <Figure name="Before" value={percent(gate.before)} detail={rightOf(gate.before, gate.n)} />
        <Figure name="After" value={percent(gate.after)} detail={rightOf(gate.after, gate.n)} />
        <Figure name="Difference" value={pointsWords(gate.gain)} detail={intervalWords(gate)} />
      </div>
      <GainBar gate={gate} />
      <p>
        <LinkedText text={gate.reason} />
      </p>
      <LabelFalls perLabel={gate.perLabel} />
      <p class="faint">{report.power}</p>
    </Section>
  );
}

function Figure({ name, value, detail }: { name: string; value: string; detail: string }) {
  return (
    <div>
      <span class="faint">{name}</span>
      <strong>{value}</strong>
      <span class="faint">{detail}</span>
    </div>
  );
}

function GainBar({ gate }: { gate: GateReport }) {
  const { gain, interval } = gate;
  const reach = Math.min(1, Math.max(0.1, Math.ceil(Math.max(-interval.low, interval.high) * 10) / 10));
  return (
    <div class="gain-bar">
      <IntervalBar
        low={interval.low}
        value={gain}
        high={interval.high}
        from={-reach}
        to={reach}
        zero
        label={`Difference: ${gainFigures(gate)}`}
      />
      <div class="axis faint" aria-hidden="true">
        <span>{points(-reach)}</span>
        <span>no difference</span>
        <span>{points(reach)} points</span>
      </div>
    </div>
  );
}

function intervalWords({ interval }: GateReport): string {
  return `95\u00a0% interval ${points(interval.low)} to ${points(interval.high)}`;
}
