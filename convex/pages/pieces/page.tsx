/** @jsxImportSource hono/jsx */
import type { Child } from 'hono/jsx';
import { scriptAddress } from '../assetRoutes.ts';
import { type DocumentProps, documentHtml } from '../document.tsx';
import { pageOf } from '../wording/links.ts';

interface PageProps extends Pick<DocumentProps, 'title' | 'description' | 'refreshSeconds'> {
  readonly heading: Child;
  /** Above the heading: what kind of thing this is, and when. */
  readonly kicker?: Child;
  /** Address of the same data as JSON; null on pages without data. */
  readonly json?: string | null;
  /** It shows something that is under way, and has a pulse (`pulseRoutes.ts`). */
  readonly live?: boolean;
  /** What could not be read from the stored rows. */
  readonly problems?: readonly string[];
  readonly children?: Child;
}

/** A `/dse` page: kicker, heading, content, and a link to its data. */
export function page({
  heading,
  kicker,
  json = '?format=json',
  live,
  problems = [],
  children,
  ...rest
}: PageProps) {
  return documentHtml({
    ...rest,
    here: 'nights',
    script: scriptAddress.page,
    aside: <a href={pageOf.signOut}>Sign out</a>,
    children: (
      <main
        id="main"
        class="page"
        data-live={live ? 'true' : 'false'}
        data-watch={live ? scriptAddress.watch : undefined}
      >
        {kicker && <p class="kicker">{kicker}</p>}
        <h1>{heading}</h1>
        {live && (
          <p id="live-status" class="live">
            Live. This page keeps itself up to date.
          </p>
        )}
        {problems.map(problem => (
          <p class="error" role="alert">
            {problem}
          </p>
        ))}
        {children}
        {json !== null && (
          <footer class="colophon">
            <a href={json}>This page as JSON</a>
          </footer>
        )}
      </main>
    ),
  });
}

/** A part of a page with a heading that can be linked to. */
export function Section({ id, title, lead, children }: SectionProps) {
  return (
    <section id={id} aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>{title}</h2>
      {lead && <p class="section-lead">{lead}</p>}
      {children}
    </section>
  );
}

interface SectionProps {
  readonly id: string;
  readonly title: string;
  readonly lead?: Child;
  readonly children?: Child;
}
