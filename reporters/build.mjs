// Builds the reporter as a package of its own, for projects that are not this one: dist/overnight-reporter, without dependencies.
import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';

const here = import.meta.dirname;
const out = join(here, '../dist/overnight-reporter');
const { version, license, engines } = JSON.parse(readFileSync(join(here, '../package.json'), 'utf8'));

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await build({
  entryPoints: ['convexReporter', 'finish', 'deliver'].map(name => join(here, `${name}.ts`)),
  outdir: out,
  outExtension: { '.js': '.mjs' },
  bundle: true,
  // the reporter and its globalTeardown share what runs in this process
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  logLevel: 'warning',
});
cpSync(join(here, 'README.md'), join(out, 'README.md'));
writeFileSync(join(out, 'convexReporter.d.mts'), optionTypes());
writeFileSync(
  join(out, 'package.json'),
  JSON.stringify(
    {
      name: 'overnight-reporter',
      version,
      description: 'Streams Playwright test results into Convex, and loses none of them',
      license,
      engines,
      type: 'module',
      exports: {
        '.': { types: './convexReporter.d.mts', default: './convexReporter.mjs' },
        './finish': './finish.mjs',
      },
      bin: { 'overnight-deliver': './deliver.mjs' },
      peerDependencies: { '@playwright/test': '>=1.55' },
    },
    null,
    2,
  ),
);
console.log(`Built ${out}`);

/** The options as they are declared, without what they import. */
function optionTypes() {
  const declared = (file, name) => {
    const source = readFileSync(join(here, file), 'utf8');
    const [text] =
      new RegExp(`(/\\*\\*[^/]*\\*/\\n)?export interface ${name} \\{[\\s\\S]*?\\n\\}`).exec(source) ?? [];
    if (text === undefined) throw new Error(`${file} declares no ${name}`);
    return text;
  };
  return `import type { Reporter } from '@playwright/test/reporter';

${declared('attachments.ts', 'AttachmentPolicy')}

${declared('redact.ts', 'RedactRules')}

${declared('options.ts', 'ConvexReporterOptions')}

export default class ConvexReporter implements Reporter {
  constructor(options?: ConvexReporterOptions);
}
`;
}
