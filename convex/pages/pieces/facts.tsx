/** @jsxImportSource hono/jsx */
import type { Child } from 'hono/jsx';

/** Names and values, one pair a line. Null values say that they are missing. */
export function Facts({ facts }: { facts: readonly (readonly [name: string, value: Child | null])[] }) {
  return (
    <dl class="facts">
      {facts.map(([name, value]) => (
        <div>
          <dt>{name}</dt>
          <dd>{value === null ? <span class="faint">none</span> : value}</dd>
        </div>
      ))}
    </dl>
  );
}
