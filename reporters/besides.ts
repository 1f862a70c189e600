import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Built as a package, this code lies in a bundle and what is beside it is JavaScript. */
const isSource = import.meta.url.endsWith('.ts');

/** How to start `deliver` from the working folder. */
export function deliverScript(): string {
  const file = isSource ? './deliver.ts' : './deliver.mjs';
  const script = path.relative(process.cwd(), fileURLToPath(new URL(file, import.meta.url)));
  return `${isSource ? 'npx tsx' : 'node'} ${script}`;
}

/** What to name as `globalTeardown`. */
export const finishModule = isSource ? './reporters/finish.ts' : 'overnight-reporter/finish';
