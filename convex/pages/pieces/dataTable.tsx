/** @jsxImportSource hono/jsx */
// biome-ignore-all lint/a11y/noRedundantRoles: the style sheet changes the display of tables on narrow screens, which takes their roles away in some browsers
import type { Child } from 'hono/jsx';

/** A column: its heading, and whether it holds figures, which are aligned by their digits. */
export interface Column {
  readonly head: string;
  readonly figures?: boolean;
  /** Gets what room is left; for sentences. */
  readonly wide?: boolean;
  /** As narrow as its longest line; for times, marks and ids. */
  readonly narrow?: boolean;
}

interface DataTableProps {
  readonly caption: string;
  readonly columns: readonly Column[];
  readonly rows: readonly (readonly Child[])[];
  /** Few and short columns: it stays a table on narrow screens. */
  readonly compact?: boolean;
}

/**
 * A table that turns into one block per row on narrow screens. The roles keep it a table for screen readers where the
 * style sheet takes away its layout.
 */
export function DataTable({ caption, columns, rows, compact }: DataTableProps) {
  return (
    <table role="table" class={compact ? 'data compact' : 'data stacking'}>
      <caption class="visually-hidden">{caption}</caption>
      <thead role="rowgroup">
        <tr role="row">
          {columns.map(column => (
            <th role="columnheader" scope="col" class={classOf(column)}>
              {column.head}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup">
        {rows.map(cells => (
          <tr role="row">
            {columns.map((column, at) => (
              <td role="cell" class={classOf(column)} data-head={column.head}>
                <span>{cells[at]}</span>
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function classOf({ figures, wide, narrow }: Column): string | undefined {
  return [figures && 'figures', wide && 'wide', narrow && 'narrow'].filter(Boolean).join(' ') || undefined;
}
