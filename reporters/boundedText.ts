// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences start with one
const ANSI = /\u001b(?:\[[0-?]*[ -/]*[@-~]|\][^\u0007\u001b]*(?:\u0007|\u001b\\)|[@-Z\\-_])/g;

/** Longest text that is searched for secrets; longer ones are cut first, with room for a secret at the edge. */
const SEARCHED = 65_536;
const EDGE = 8_192;

/** Takes terminal colours and links out of a text. */
export function stripAnsi(text: string): string {
  return text.replace(ANSI, '');
}

/** At most `max` characters; what is cut is said: `… [cut, N characters more]`. */
export function cut(text: string, max: number, alreadyCut = 0): string {
  if (text.length <= max && alreadyCut === 0) return text;
  const room = Math.max(0, max - mark(text.length + alreadyCut).length);
  // a lone half of a surrogate pair is not valid text everywhere
  const end = /[\ud800-\udbff]/.test(text[Math.min(room, text.length) - 1] ?? '') ? room - 1 : room;
  const kept = text.slice(0, end);
  return kept + mark(text.length - kept.length + alreadyCut);
}

function mark(more: number): string {
  return `… [cut, ${more} characters more]`;
}

/** Colours out, secrets out, cut to `max`: in this order, so that neither hides a secret from the other. */
export function boundedText(text: string, max: number, redact: (text: string) => string): string {
  if (text.length <= SEARCHED) return cut(redact(stripAnsi(text)), max);
  const searched = redact(stripAnsi(text.slice(0, SEARCHED)));
  const safe = searched.slice(0, Math.max(0, searched.length - EDGE));
  return cut(safe, max, text.length - SEARCHED + EDGE);
}

/**
 * The last `max` characters, colours and secrets out; what is cut is said: `[cut, N characters before] … `. `before` were already
 * left out in front of the text.
 */
export function boundedTail(text: string, max: number, redact: (text: string) => string, before = 0): string {
  const searched = redact(stripAnsi(text.slice(-max - EDGE)));
  const isCut = before > 0 || text.length > max + EDGE;
  // half a secret may stand where the text was cut
  const safe = isCut ? searched.slice(EDGE) : searched;
  if (!isCut && safe.length <= max) return safe;
  const head = (cut: number) => `[cut, ${cut} characters before] … `;
  const room = max - head(before + text.length).length;
  // a lone half of a surrogate pair is not valid text everywhere
  const tail = safe.slice(-room).replace(/^[\udc00-\udfff]/, '');
  return head(Math.max(0, before + text.length - tail.length)) + tail;
}

/** Characters that {@link boundedTail} needs to see for a tail of `max`. */
export function tailNeeds(max: number): number {
  return max + EDGE + 1;
}
