import { createApiClient } from '../loop/contract/client.ts';
import { idSchema } from '../loop/contract/json.ts';
import type { AttachmentPolicy } from './attachments.ts';
import type { RedactRules } from './redact.ts';

/** Options of the Convex reporter, as given in `reporter: [['./reporters/convexReporter.ts', {...}]]`. */
export interface ConvexReporterOptions {
  /** Site that serves `/api/dse/ops`. Default: env `BASE_URL`. */
  readonly baseUrl?: string;
  /** Name of an environment variable (`MY_SECRET`) or the admin secret itself. Default: `OA_DSE_ADMIN_SECRET`. */
  readonly credential?: string;
  /** Run id; the same id continues a run. Default: env `DSE_RUN_ID`, else made of the CI job's id, else of time and chance. */
  readonly runId?: string;
  /** Folder of the write-ahead spool, relative to the working folder. Default `.overnight/spool`. */
  readonly spoolDir?: string;
  /** Free facts kept with the run, such as `{ team: 'search' }`. */
  readonly labels?: Readonly<Record<string, string>>;
  /** What is secret besides what is known to be: see `redact.ts`. */
  readonly redact?: RedactRules;
  /** Which attachments are stored whole: by default texts and JSON up to 64 KiB. */
  readonly attachments?: AttachmentPolicy;
  /** Print no table; trouble and `OVERNIGHT_RESULT` are still printed. */
  readonly quiet?: boolean;
  /** Set when the run is a night: takes and renews the signature's lease and prints `OVERNIGHT_RESULT`. */
  readonly night?: { readonly signatureId: string };
  /** Lines printed after the table of a night, before `OVERNIGHT_RESULT`. */
  readonly afterNight?: readonly string[];
}

/** Where to send, as whom, under which run id. */
export interface Settings {
  readonly baseUrl: string;
  readonly credential: string;
  readonly runId: string;
}

type Env = Readonly<Record<string, string | undefined>>;

export const DEFAULT_SPOOL_DIR = '.overnight/spool';
const CI_RUN_VARIABLES = ['CI_PIPELINE_ID', 'BUILDKITE_BUILD_ID', 'CIRCLE_WORKFLOW_ID'];
const DEFAULT_CREDENTIAL_ENV = 'OA_DSE_ADMIN_SECRET';

/** Reads the credential: an option that looks like a variable's name is one, anything else is the secret. */
export function credentialOf(option: string | undefined, env: Env): { value: string; name: string } {
  const name = option ?? DEFAULT_CREDENTIAL_ENV;
  if (/^[A-Z][A-Z0-9_]*$/.test(name)) return { value: env[name] ?? '', name };
  return { value: name, name: DEFAULT_CREDENTIAL_ENV };
}

/** A run id for whoever chose none: in CI the same for all shards of one job, elsewhere never the same twice. */
export function freshRunId(env: Env, now: Date): string {
  const { GITHUB_RUN_ID: run, GITHUB_RUN_ATTEMPT: attempt = '1', GITHUB_JOB: job = 'job' } = env;
  if (run) return idOf(`gh-${run}-${attempt}-${job}`);
  for (const name of CI_RUN_VARIABLES) if (env[name]) return idOf(`ci-${env[name]}`);
  const time = now.toISOString().slice(0, 19).replace(/[:T]/g, '-');
  return `run-${time}-${Math.random().toString(36).slice(2, 8)}`;
}

function idOf(text: string): string {
  return text.replace(/[^A-Za-z0-9_.:@-]/g, '-').slice(0, 128);
}

/** The settings, or sentences saying what is missing and how to set it. */
export function resolveSettings(
  options: ConvexReporterOptions,
  env: Env,
): { settings: Settings } | { missing: string[] } {
  const runId = options.runId ?? env.DSE_RUN_ID ?? (options.night ? '' : freshRunId(env, new Date()));
  const baseUrl = options.baseUrl ?? env.BASE_URL ?? '';
  const credential = credentialOf(options.credential, env);
  const missing: string[] = [];
  if (runId === '') missing.push('no run id: set DSE_RUN_ID or the option runId');
  else if (!idSchema.safeParse(runId).success)
    missing.push('the run id is malformed: DSE_RUN_ID must be 1-128 characters of A-Z a-z 0-9 _ . : @ -');
  if (baseUrl === '') missing.push('no base URL: set BASE_URL or the option baseUrl');
  if (credential.value === '')
    missing.push(`no credential: set ${credential.name} to the admin secret, or the option credential`);
  if (missing.length > 0) return { missing };
  try {
    createApiClient({ baseUrl, credential: credential.value, fetch: globalThis.fetch });
  } catch (error) {
    return {
      missing: [`no usable address or credential: ${error instanceof Error ? error.message : error}`],
    };
  }
  return { settings: { runId, baseUrl, credential: credential.value } };
}
