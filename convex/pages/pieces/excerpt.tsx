/** @jsxImportSource hono/jsx */
import { whole } from '../wording/figures.ts';

/** The beginning of a text. What is not shown is counted in view; the page's JSON has the whole. */
export function Excerpt({ text, chars }: { text: string; chars: number }) {
  const left = text.length - chars;
  return (
    <>
      <pre>{left > 0 ? text.slice(0, chars) : text}</pre>
      {left > 0 && <p class="faint">{whole(left)} more characters are in this page as JSON.</p>}
    </>
  );
}
