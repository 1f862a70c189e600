#!/usr/bin/env node
import { parseArgs } from 'node:util';
import { createApiClient } from '../loop/contract/client.ts';
import { deliverLeftovers } from './leftovers.ts';
import { credentialOf, DEFAULT_SPOOL_DIR } from './options.ts';

const HELP = `Delivers what reporters could not: every spool of a process that is gone, each row exactly once.

  npx tsx reporters/deliver.ts [options]

  --spool-dir DIR     folder of the spools (default ${DEFAULT_SPOOL_DIR})
  --base-url URL      send everything there (default: each spool to the site it was meant for)
  --credential NAME   environment variable with the admin secret (default OA_DSE_ADMIN_SECRET)
  --help              this text

Exit code: 0 when nothing remains, 1 when rows remain, 2 when it was called wrongly.
`;

/** Limits for one spool: a person waits for this and can call it again. */
const LIMITS = { stallMs: 5_000, capMs: 600_000, failFast: true };

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      'spool-dir': { type: 'string', default: DEFAULT_SPOOL_DIR },
      'base-url': { type: 'string' },
      credential: { type: 'string' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const credential = credentialOf(values.credential, process.env);
  if (credential.value === '')
    throw new TypeError(
      `set ${credential.name} to the admin secret of the site; that of an embedded backend is in secrets.json of its state folder`,
    );
  const to = (baseUrl: string) =>
    createApiClient({ baseUrl, credential: credential.value, fetch: globalThis.fetch, timeoutMs: 10_000 });
  const override = values['base-url'] === undefined ? null : to(values['base-url']);
  const counts = await deliverLeftovers({
    dir: values['spool-dir'],
    clientFor: header => override ?? to(header.baseUrl),
    limits: LIMITS,
  });
  process.stdout.write(
    `${counts.files} spools in ${values['spool-dir']}: ${counts.delivered} rows delivered, ${counts.remaining} remaining\n`,
  );
  for (const trouble of counts.troubles) process.stderr.write(`${trouble}\n`);
  return counts.remaining > 0 || counts.troubles.length > 0 ? 1 : 0;
}

main().then(
  code => {
    process.exitCode = code;
  },
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n\n${HELP}`);
    process.exitCode = 2;
  },
);
