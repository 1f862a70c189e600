/** What the marks around quoted text are called; the controller's instructions explain them. */
export const QUOTE_MARK = 'untrusted';

const OPEN = `<${QUOTE_MARK}>`;
const CLOSE = `</${QUOTE_MARK}>`;

/**
 * A text as the controller sees it: between marks, on one line, as a JSON string in which `<` and every line break are
 * escaped. So no text can end its quotation, begin a line, or look like a field, an action or a mark of its own.
 */
export function quoted(text: string): string {
  const safe = JSON.stringify(text).replace(
    /[<>\u007f-\u009f\u2028\u2029]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${OPEN}${safe}${CLOSE}`;
}

/** The text of a line that holds a quotation, and the line without it; null when there is none. */
export function readQuote(line: string): { text: string; around: string } | null {
  const start = line.indexOf(OPEN);
  const end = line.indexOf(CLOSE);
  if (start < 0 || end < start) return null;
  return {
    text: JSON.parse(line.slice(start + OPEN.length, end)) as string,
    around: line.slice(0, start) + line.slice(end + CLOSE.length),
  };
}
