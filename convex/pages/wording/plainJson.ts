import type { Json } from '../../../loop/contract/json.ts';

/** Fields whose text says what an input is about, best first. */
const TELLING_FIELDS = ['message', 'question', 'text'];

/** An input in two parts: the words a person would read first, and the rest. */
export function plainInput(input: Json): { main: string; rest: string } {
  if (!isObject(input)) return { main: plainValue(input), rest: '' };
  const field = TELLING_FIELDS.find(name => typeof input[name] === 'string');
  if (field === undefined) return { main: compactJson(input), rest: '' };
  const others = Object.entries(input).filter(([name]) => name !== field);
  return {
    main: String(input[field]),
    rest: others.map(([name, value]) => `${name}: ${plainValue(value)}`).join('; '),
  };
}

/** An output as short as it can be said: `{"tool":"none"}` is `none`. */
export function plainOutput(output: Json): string {
  const values = isObject(output) ? Object.values(output) : [];
  return values.length === 1 && values[0] !== undefined ? plainValue(values[0]) : plainValue(output);
}

/** JSON text as short as it can be said; a text that was cut, and so is no JSON, stays as it is. */
export function plainText(text: string, plain: (value: Json) => string): string {
  try {
    return plain(JSON.parse(text) as Json);
  } catch {
    return text;
  }
}

/** JSON on one line. */
export function compactJson(value: Json): string {
  return JSON.stringify(value);
}

/** JSON for reading. */
export function prettyJson(value: Json): string {
  return JSON.stringify(value, null, 2);
}

function plainValue(value: Json): string {
  return typeof value === 'string' ? value : compactJson(value);
}

function isObject(value: Json): value is Record<string, Json> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
