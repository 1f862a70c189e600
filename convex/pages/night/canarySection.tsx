/** @jsxImportSource hono/jsx */
import { plannedMessages } from '../../../loop/canary/ramp.ts';
import type { CanaryView, SoakView } from '../../../loop/contract/canary.ts';
import { wilsonInterval } from '../../../loop/stats/intervals.ts';
import { Facts } from '../pieces/facts.tsx';
import { IntervalBar } from '../pieces/intervalBar.tsx';
import { LinkedText } from '../pieces/linkedText.tsx';
import { ArtifactLink, CanaryLink } from '../pieces/links.tsx';
import { Section } from '../pieces/page.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';
import { counted, duration, percent, whole } from '../wording/figures.ts';
import { type CanaryChange, CanaryChanges, SoakLine } from './canaryChanges.tsx';
import { CanaryChart, ChartKey } from './canaryChart.tsx';
import type { CanaryCourse } from './canaryCourse.ts';

/** Both arms of a canary: how often each was right and how often it failed, with intervals, and the verdict. */
export function CanarySection({
  canary,
  course,
  changes,
  soak,
  now,
  at,
}: {
  canary: CanaryView;
  course: CanaryCourse | null;
  changes: readonly CanaryChange[];
  soak: SoakView | null;
  now: number;
  at: number;
}) {
  const { counts, verdict } = canary;
  const failuresTo = failureScale(canary);
  return (
    <Section
      id={at === 0 ? 'canary' : `canary-${at + 1}`}
      title={at === 0 ? 'Canary' : `Earlier canary ${at}`}
      lead={`${rampWords(canary)} of users got the new prompt; everyone else kept today's.`}
    >
      <p>
        <Mark of={verdict.verdict} />
        {canary.status === 'running' && ' so far.'}{' '}
        <LinkedText text={verdict.reasons.join(' ') || verdict.code} of={canary} />
      </p>
      <div class="arms">
        <h3>Right answers</h3>
        <Arm
          name="control"
          right={counts.control.correct}
          of={counts.control.correct + counts.control.wrong}
          to={1}
        />
        <Arm
          name="canary"
          right={counts.canary.correct}
          of={counts.canary.correct + counts.canary.wrong}
          to={1}
        />
        <Axis to={1} />
        <h3>Failures</h3>
        <Arm name="control" right={counts.control.failures} of={counts.control.n} to={failuresTo} />
        <Arm name="canary" right={counts.canary.failures} of={counts.canary.n} to={failuresTo} />
        <Axis to={failuresTo} />
      </div>
      <p class="faint">
        Bars are Wilson 95 % intervals. Right answers are counted where the expected answer is known;
        messages: {whole(counts.control.n)} control, {whole(counts.canary.n)} canary.
        {canary.step > 0 &&
          ' The bars show the whole canary; a pass rests on the answers of its last step alone, so it names smaller counts.'}
      </p>
      {course && <Charts id={`course-${canary.canaryId}`} course={course} />}
      {soak && <SoakLine soak={soak} />}
      <CanaryFacts canary={canary} now={now} />
      <CanaryChanges changes={changes} runId={canary.runId} />
      <p class="faint">{canary.power}</p>
    </Section>
  );
}

function Charts({ id, course }: { id: string; course: CanaryCourse }) {
  return (
    <>
      <h3>As the answers came</h3>
      <p class="faint">
        Shares of all answers so far. The test may look after every answer: the canary is stopped once its
        line enters the upper area, and can pass once it lies in the lower one, which opens in the last step.
      </p>
      <ChartKey />
      <div class="courses">
        <CanaryChart id={`${id}-wrong`} title="Wrong answers" points={course.wrong} />
        <CanaryChart id={`${id}-failures`} title="Failures" points={course.failures} />
      </div>
    </>
  );
}

function CanaryFacts({ canary, now }: { canary: CanaryView; now: number }) {
  const running = canary.status === 'running';
  return (
    <Facts
      facts={[
        [
          'State',
          running ? (
            'open'
          ) : (
            <LinkedText text={`stopped: ${canary.stopReason ?? 'no reason recorded'}`} of={canary} />
          ),
        ],
        [
          'Time',
          <>
            <When at={canary.startedAt} />,{' '}
            {duration((running ? now : canary.heartbeatAt) - canary.startedAt)}
          </>,
        ],
        ['Control', <ArtifactLink compiledId={canary.controlCompiledId} />],
        ['Canary', <ArtifactLink compiledId={canary.canaryCompiledId} />],
        [
          'Ramp',
          `step ${canary.step + 1} of ${canary.ramp.length}, with ${whole(stepSeen(canary))} of ${counted(stepPlanned(canary), 'planned message')}`,
        ],
        ['Users on a wrong arm', counted(canary.contaminatedUnits, 'user')],
        ['Arm mismatches', counted(canary.attestationMismatches, 'message')],
        ['Canary id', <CanaryLink canaryId={canary.canaryId} />],
      ]}
    />
  );
}

/** The shares of the steps that ran, such as `10 %, then 50 %`. */
function rampWords({ ramp, step }: CanaryView): string {
  return ramp
    .slice(0, step + 1)
    .map(({ percent: share }) => percent(share / 100))
    .join(', then ');
}

function stepSeen({ stepCounts }: CanaryView): number {
  return stepCounts.control.n + stepCounts.canary.n;
}

function stepPlanned({ ramp, step }: CanaryView): number {
  const running = ramp[step];
  return running ? plannedMessages(running) : 0;
}

function Arm({ name, right, of, to }: { name: 'control' | 'canary'; right: number; of: number; to: number }) {
  const { low, high } = wilsonInterval({ successes: right, n: of });
  const words = of === 0 ? 'none counted yet' : `${right} of ${of}, ${percent(right / of)}`;
  const interval = `${percent(low)} to ${percent(high)}`;
  return (
    <div class="arm">
      <span>{name}</span>
      {of === 0 ? (
        <span />
      ) : (
        <IntervalBar
          low={low}
          value={right / of}
          high={high}
          from={0}
          to={to}
          tone={name}
          label={`${name}: ${words}, 95\u00a0% interval ${interval}`}
        />
      )}
      <span class="figures">
        {words}
        {of > 0 && <span class="under faint">{interval}</span>}
      </span>
    </div>
  );
}

function Axis({ to }: { to: number }) {
  return (
    <div class="arm" aria-hidden="true">
      <span />
      <div class="axis faint">
        <span>0</span>
        <span>{percent(to / 2)}</span>
        <span>{percent(to)}</span>
      </div>
      <span />
    </div>
  );
}

/** Failures are rare: their scale ends at the next 10 % above the higher interval. */
function failureScale({ counts }: CanaryView): number {
  const highs = [counts.control, counts.canary].map(({ failures, n }) =>
    n === 0 ? 0 : wilsonInterval({ successes: failures, n }).high,
  );
  return Math.min(1, Math.max(0.1, Math.ceil(Math.max(...highs) * 10) / 10));
}
