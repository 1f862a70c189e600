/** @jsxImportSource hono/jsx */
import type { SoakView } from '../../../loop/contract/canary.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { LinkedText } from '../pieces/linkedText.tsx';
import { Mark } from '../pieces/verdictMark.tsx';
import { When } from '../pieces/when.tsx';

/** A state change of a canary or its soak, as the pages show it. */
export interface CanaryChange {
  readonly canaryId: string;
  readonly action: 'start' | 'step' | 'stop' | 'soak_start' | 'soak_end';
  readonly actor: string;
  readonly reason: string;
  readonly percent: number;
  readonly at: number;
}

const words: Record<CanaryChange['action'], string> = {
  start: 'begun',
  step: 'ramped',
  stop: 'ended',
  soak_start: 'soak begun',
  soak_end: 'soak ended',
};

interface CanaryChangesProps {
  readonly changes: readonly CanaryChange[];
  readonly runId: string;
}

/** Every state change of a canary: when, what, by whom and why. */
export function CanaryChanges({ changes, runId }: CanaryChangesProps) {
  if (changes.length === 0) return null;
  return (
    <DataTable
      caption="Changes of the canary, oldest first"
      columns={[
        { head: 'When', narrow: true },
        { head: 'Change', narrow: true },
        { head: 'Users on the new prompt', figures: true },
        { head: 'By', narrow: true },
        { head: 'Why', wide: true },
      ]}
      rows={changes.map(({ at, action, percent, actor, reason }) => [
        <When at={at} />,
        words[action],
        `${percent}\u00a0%`,
        <LinkedText text={actor} of={{ runId }} />,
        <LinkedText text={reason} of={{ runId }} />,
      ])}
    />
  );
}

/** How the promoted artifact did with everybody, in one sentence. */
export function SoakLine({ soak }: { soak: SoakView }) {
  return (
    <p>
      <Mark of={soak.outcome ?? 'running'} text={`soak ${soak.outcome?.replaceAll('_', ' ') ?? 'runs'}`} />{' '}
      <LinkedText text={soak.reason} of={soak} />
    </p>
  );
}
