/** @jsxImportSource hono/jsx */
import type { Json } from '../../../loop/contract/json.ts';
import { DataTable } from '../pieces/dataTable.tsx';
import { LinkedText } from '../pieces/linkedText.tsx';
import { Section } from '../pieces/page.tsx';
import { When } from '../pieces/when.tsx';
import { counted, duration } from '../wording/figures.ts';
import type { IdsOwner } from '../wording/idsIn.ts';
import { pageOf } from '../wording/links.ts';
import { compactJson, prettyJson } from '../wording/plainJson.ts';
import type { Night } from './nightModel.ts';

/** Something that happened in a night. */
export interface NightEvent {
  readonly eventId: string;
  readonly at: number;
  readonly kind: string;
  readonly message: string;
  readonly data: Json;
}

interface TimelineProps {
  readonly night: Night;
  readonly events: readonly NightEvent[];
  /** Address of the events that are not on this page; null when all are. */
  readonly more: string | null;
}

/** Phases with how long each took, and what happened in order. */
export function Timeline({ night, events, more }: TimelineProps) {
  const lastAt = night.phases.at(-1)?.at ?? night.startedAt;
  return (
    <Section id="timeline" title="Timeline">
      <ol class="phases">
        {night.phases.map(({ phase, from, at }) => (
          <li>
            <span>{phase}</span> <When at={at} clock /> <span class="faint">{duration(at - from)}</span>
          </li>
        ))}
        {night.phase !== null && (
          <li aria-current="step">
            <span>{night.phase}</span>{' '}
            <span class="faint">under way for {duration(night.until - lastAt)}</span>
          </li>
        )}
      </ol>
      {events.length === 0 ? (
        <p class="faint">No events were recorded.</p>
      ) : (
        <details id="events" open={events.length <= 30}>
          <summary>{counted(events.length, 'event')}</summary>
          <DataTable
            caption="Events of the night in order of time"
            columns={[
              { head: 'Time', narrow: true },
              { head: 'Kind', narrow: true },
              { head: 'What happened', wide: true },
            ]}
            rows={events.map(event => [
              <When at={event.at} clock />,
              event.kind.replaceAll('_', ' '),
              <>
                {isStored(event) ? (
                  <a href={pageOf.attachment(night.runId, event.eventId)}>{event.message}</a>
                ) : (
                  <LinkedText text={event.message} of={night} />
                )}
                <EventData id={`event-${event.eventId}`} data={event.data} of={night} />
              </>,
            ])}
          />
        </details>
      )}
      {more !== null && (
        <p>
          <a href={more}>Later events</a>
        </p>
      )}
    </Section>
  );
}

/** Whether an event tells of an attachment whose content is here. */
function isStored({ kind, data }: NightEvent): boolean {
  return kind === 'attachment' && typeof data === 'object' && data !== null && 'blobId' in data;
}

/** Longer data is folded away. */
const INLINE_CHARS = 120;

function EventData({ id, data, of }: { id: string; data: Json; of: IdsOwner }) {
  const text = compactJson(data);
  if (data === null || text === '{}') return null;
  if (text.length <= INLINE_CHARS)
    return (
      <code class="under faint">
        <LinkedText text={text} of={of} />
      </code>
    );
  return (
    <details id={id}>
      <summary>data</summary>
      <pre>
        <LinkedText text={prettyJson(data)} of={of} />
      </pre>
    </details>
  );
}
