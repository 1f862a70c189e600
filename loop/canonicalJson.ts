/**
 * The RFC 8785 (JSON Canonicalization Scheme) text of a JSON value: the same value always gives the same text, whatever
 * the order of its keys. Keys are sorted by UTF-16 code unit, never by locale; numbers are written as ECMAScript does.
 *
 * Takes JSON values only. `undefined` (as a value, a member or a hole in an array), functions, symbols, bigints, `NaN`,
 * infinities, lone surrogates, cycles and objects that are not plain (Date, Map, class instances) are refused.
 *
 * @throws CanonicalJsonError naming the path of the offending value, such as `$.params.fewShots[2].input`.
 */
export function canonicalJson(value: unknown): string {
  return write(value, '$', new Set());
}

/** A value that has no canonical JSON. `path` says where it is: `$` is the root. */
export class CanonicalJsonError extends TypeError {
  override readonly name = 'CanonicalJsonError' as const;
  constructor(
    readonly path: string,
    what: string,
  ) {
    super(`No canonical JSON for ${path}: ${what}`);
  }
}

function write(value: unknown, path: string, ancestors: Set<object>): string {
  switch (typeof value) {
    case 'string':
      return writeText(value, path);
    case 'number':
      if (!Number.isFinite(value)) throw new CanonicalJsonError(path, `${value} is not a JSON number`);
      return JSON.stringify(value);
    case 'boolean':
      return value ? 'true' : 'false';
    case 'object':
      return value === null ? 'null' : writeObject(value, path, ancestors);
    case 'undefined':
      throw new CanonicalJsonError(path, 'undefined is not JSON; leave the member out or use null');
    default:
      throw new CanonicalJsonError(path, `a ${typeof value} is not JSON`);
  }
}

function writeObject(value: object, path: string, ancestors: Set<object>): string {
  if (ancestors.has(value)) throw new CanonicalJsonError(path, 'it contains itself');
  ancestors.add(value);
  const text = Array.isArray(value)
    ? `[${Array.from(value, (item, index) => write(item, `${path}[${index}]`, ancestors)).join(',')}]`
    : `{${members(value, path, ancestors).join(',')}}`;
  ancestors.delete(value);
  return text;
}

function members(value: object, path: string, ancestors: Set<object>): string[] {
  if (!isPlain(value)) throw new CanonicalJsonError(path, `a ${kindOf(value)} is not a plain object`);
  const record = value as Record<string, unknown>;
  return Object.keys(record)
    .sort() // the default order is by UTF-16 code unit, as RFC 8785 asks
    .map(key => {
      const memberPath = `${path}${step(key)}`;
      return `${writeText(key, memberPath)}:${write(record[key], memberPath, ancestors)}`;
    });
}

function writeText(text: string, path: string): string {
  // with the u flag, surrogate pairs are one character, so only lone halves match
  if (/[\ud800-\udfff]/u.test(text))
    throw new CanonicalJsonError(path, 'the text has a lone surrogate, which is not valid Unicode');
  return JSON.stringify(text);
}

/** Plain means: made by a literal, `JSON.parse` or `Object.create(null)`, in this realm or another. */
function isPlain(value: object): boolean {
  const prototype: object | null = Object.getPrototypeOf(value);
  return prototype === null || Object.getPrototypeOf(prototype) === null;
}

function kindOf(value: object): string {
  return value.constructor?.name || 'object with a prototype of its own';
}

function step(key: string): string {
  return /^[A-Za-z_$][\w$]*$/.test(key) ? `.${key}` : `[${JSON.stringify(key)}]`;
}
