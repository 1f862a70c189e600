/** What credentials and payment data look like in plain text. Better one row too few than one secret too many. */
const PATTERNS: readonly RegExp[] = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  // JWT, and JWE with its five parts
  /\beyJ[A-Za-z0-9_-]{5,}(?:\.[A-Za-z0-9_-]*){1,4}/,
  /\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/-]{8,}/i,
  // Keys of well-known issuers
  /\b(?:sk|pk|rk)[-_][A-Za-z0-9_-]{12,}|\bgh[oprsu]_[A-Za-z0-9]{20,}|\bAKIA[A-Z0-9]{16}\b|\bxox[abprs]-[A-Za-z0-9-]{10,}|\bAIza[A-Za-z0-9_-]{30,}/,
  // A secret said by its name, as in "my password is x", "api key: x"; a question such as "what is a PIN?" is none
  /\b(?:pass(?:word|wd|phrase|code)|pin|secret|api[ _-]?key|access[ _-]?key|token|cvc|cvv|(?:door|alarm|gate|safe|lock) code)\b(?:\s+(?:for|of|to)\s+[^.?!\n]{1,40}?)?(?:\s*[:=]\s*|\s+(?:is|was|will be)\s+)["'“`]?\S*[\d!@#$%^&*_]\S*/i,
  /\b(?:pass(?:word|wd|phrase|code)|secret|api[ _-]?key|token)\s*[:=]\s*\S+/i,
  // A long run of mixed letters and digits without a word in it
  /\b(?=[A-Za-z0-9+/_-]*\d)(?=[A-Za-z0-9+/_-]*[a-z])(?=[A-Za-z0-9+/_-]*[A-Z])[A-Za-z0-9+/_-]{24,}\b/,
];

/** Whether a text holds what looks like a password, key, token or card number. */
export function holdsSecret(text: string): boolean {
  return PATTERNS.some(pattern => pattern.test(text)) || cardNumbers(text).length > 0;
}

/** Runs of 13 to 19 digits, spaces and dashes aside, that pass the check of ISO/IEC 7812 (Luhn). */
function cardNumbers(text: string): string[] {
  return (text.match(/\b\d(?:[ -]?\d){12,18}\b/g) ?? [])
    .map(run => run.replace(/\D/g, ''))
    .filter(passesLuhn);
}

function passesLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const value = Number(digit) * (i % 2 === 1 ? 2 : 1);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}
