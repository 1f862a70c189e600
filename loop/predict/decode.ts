import type { Json } from '../contract/json.ts';
import type { Params } from '../contract/params.ts';
import type { Signature } from '../signature.ts';

export type Decoded =
  | { readonly ok: true; readonly output: Json }
  | { readonly ok: false; readonly problem: string };

/** Reads a model's answer under a decode policy and checks it against the signature's output schema. */
export function decode(signature: Signature, policy: Params['decode']['policy'], answer: string): Decoded {
  const read: Decoded =
    policy === 'text'
      ? { ok: true, output: answer.trim() }
      : parseJson(policy === 'jsonish' ? firstJsonValue(answer) : answer.trim());
  if (!read.ok) return read;
  const checked = signature.output.safeParse(read.output);
  if (checked.success) return { ok: true, output: checked.data as Json };
  const issue = checked.error.issues[0];
  const where = issue && issue.path.length > 0 ? ` at ${issue.path.join('.')}` : '';
  return {
    ok: false,
    problem: `the answer does not fit the output schema${where}: ${issue?.message ?? 'unknown'}`,
  };
}

function parseJson(text: string): Decoded {
  try {
    return { ok: true, output: JSON.parse(text) as Json };
  } catch {
    return { ok: false, problem: `the answer is not JSON: ${JSON.stringify(text.slice(0, 80))}` };
  }
}

/** The first balanced `{...}` or `[...]` in a text, or the text itself when there is none. */
function firstJsonValue(text: string): string {
  const start = text.search(/[{[]/);
  if (start < 0) return text.trim();
  let depth = 0;
  let inString = false;
  for (let i = start; i < text.length; i++) {
    const char = text[i];
    if (inString) {
      if (char === '\\') i++;
      else if (char === '"') inString = false;
    } else if (char === '"') inString = true;
    else if (char === '{' || char === '[') depth++;
    else if ((char === '}' || char === ']') && --depth === 0) return text.slice(start, i + 1);
  }
  return text.slice(start);
}
