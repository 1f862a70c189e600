/** Replaces secrets in a text by `[redacted]`. */
export type Redact = (text: string) => string;

/** What is secret in a project besides what {@link createRedactor} knows by itself. */
export interface RedactRules {
  /** Names of more environment variables whose values are secret. */
  readonly env?: readonly string[];
  /** What else looks like a secret; each match is replaced. */
  readonly patterns?: readonly RegExp[];
}

/** Finds secrets. */
export interface Redactor {
  readonly redact: Redact;
  /** Whether bytes hold the value of a known secret. */
  readonly holdsSecret: (bytes: Buffer) => boolean;
}

type Env = Readonly<Record<string, string | undefined>>;

const MARK = '[redacted]';

const SECRET_NAMES = [
  /^OA_.*_SECRET$/,
  /^OA_.*_JWK$/,
  /_API_KEY$/,
  /^EFFUSE_TEST_E2E_BYPASS_SECRET$/,
  /^CONVEX_.*_KEY$/,
];

/** Names that people give to secrets; their values count when they are too long to be a word or a switch. */
const LIKELY_NAMES =
  /secret|token|passw|passphrase|private|api_?key|access_?key|credential|_key$|_pat$|_dsn$|database_url$/i;
const SHORTEST_LIKELY = 8;

/** Members of a private JWK that must stay private. */
const PRIVATE_JWK = ['d', 'p', 'q', 'dp', 'dq', 'qi', 'k'];

/** Shorter values are words, not secrets; replacing them would garble every text. */
const SHORTEST_SECRET = 4;

/** A quote as it appears in printed objects, JSON and JSON inside JSON. */
const QUOTE = '\\\\*["\'`]';

const PATTERNS: ReadonlyArray<readonly [RegExp, string]> = [
  // `authorization: Bearer x`, `"cookie":"a=b"`, `set-cookie=...`: everything to the quote or the line's end
  [
    new RegExp(
      `\\b((?:(?:proxy-)?authorization|(?:set-)?cookie|x-api-key)(?:${QUOTE})?\\s*[:=]\\s*(?:${QUOTE})?)[^"'\`\\r\\n]+`,
      'gi',
    ),
    `$1${MARK}`,
  ],
  [/\b(Bearer)\s+(?!\[redacted\])[A-Za-z0-9._~+/-]{8,}=*/gi, `$1 ${MARK}`],
  [/\b(Basic)\s+(?=[a-z+/]*[A-Z0-9=])[A-Za-z0-9+/]{8,}={0,2}/g, `$1 ${MARK}`],
  // JWT, and JWE with its five parts
  [/\beyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){1,4}/g, MARK],
  [/((?:token|secret|key|password|passwd)(?:=|%3D))(?!\[redacted\])[^&\s"'`<>#;,)\]}]+/gi, `$1${MARK}`],
  [
    new RegExp(
      `((?:token|secret|api[_-]?key|password|passwd)(?:${QUOTE})?\\s*:\\s*${QUOTE})[^"'\`\\\\\\r\\n]+`,
      'gi',
    ),
    `$1${MARK}`,
  ],
];

/** What every pattern needs to be in a text: most texts are done with after one look. */
const ANY_PATTERN = /auth|cookie|api-key|bearer|basic|eyJ|token|secret|key|passw/i;

/**
 * Makes a redactor that knows the values of secret environment variables and of `more`, and what credentials look like.
 */
export function createRedactor(env: Env, more: readonly string[] = [], rules: RedactRules = {}): Redactor {
  const known = [...new Set([...secretValues(env, rules.env ?? []), ...more].flatMap(variants))]
    .filter(value => value.length >= SHORTEST_SECRET)
    // the longest first: one secret may contain another
    .sort((a, b) => b.length - a.length);
  const given = (rules.patterns ?? []).map(everywhere);
  return {
    redact: text => {
      let clean = text;
      for (const value of known) if (value.length <= clean.length) clean = clean.replaceAll(value, MARK);
      if (ANY_PATTERN.test(clean))
        for (const [pattern, replacement] of PATTERNS) clean = clean.replace(pattern, replacement);
      for (const pattern of given) clean = clean.replace(pattern, MARK);
      return clean;
    },
    holdsSecret: bytes => known.some(value => bytes.includes(value)),
  };
}

function everywhere(pattern: RegExp): RegExp {
  return pattern.global ? pattern : new RegExp(pattern, `${pattern.flags}g`);
}

function secretValues(env: Env, named: readonly string[]): string[] {
  const values: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (value === undefined) continue;
    const sure = named.includes(name) || SECRET_NAMES.some(pattern => pattern.test(name));
    if (!sure && !(LIKELY_NAMES.test(name) && value.length >= SHORTEST_LIKELY)) continue;
    values.push(value, value.trim());
    if (name.endsWith('_JWK')) values.push(...privateMembers(value));
  }
  return values;
}

function privateMembers(jwk: string): string[] {
  try {
    const parsed: unknown = JSON.parse(jwk);
    if (typeof parsed !== 'object' || parsed === null) return [];
    return Object.entries(parsed).flatMap(([name, value]) =>
      PRIVATE_JWK.includes(name) && typeof value === 'string' ? [value] : [],
    );
  } catch {
    return [];
  }
}

/** A secret as it is, in a URL, inside a JSON string, and as base64. */
function variants(value: string): string[] {
  const bytes = Buffer.from(value);
  // without the padding, so that it is found where it was left out
  const base64 = bytes.toString('base64').replace(/=+$/, '');
  return [
    value,
    encodeSafely(value),
    JSON.stringify(value).slice(1, -1),
    base64,
    bytes.toString('base64url'),
  ];
}

function encodeSafely(value: string): string {
  try {
    return encodeURIComponent(value);
  } catch {
    return value;
  }
}
