/** @jsxImportSource hono/jsx */
import { type IdsOwner, idsIn } from '../wording/idsIn.ts';

interface LinkedTextProps {
  readonly text: string;
  readonly of?: IdsOwner;
}

/** A text, or JSON as text, whose ids are links. */
export function LinkedText({ text, of }: LinkedTextProps) {
  return (
    <>{idsIn(text, of).map(part => (part.href === null ? part.text : <a href={part.href}>{part.text}</a>))}</>
  );
}
