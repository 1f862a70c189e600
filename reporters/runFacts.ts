import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import type { FullConfig } from '@playwright/test/reporter';
import type { Json } from '../loop/contract/json.ts';

type Env = Readonly<Record<string, string | undefined>>;

const COMMIT_VARIABLES = ['GITHUB_SHA', 'CI_COMMIT_SHA', 'BUILDKITE_COMMIT', 'CIRCLE_SHA1', 'GIT_COMMIT'];
const JOB_VARIABLES = ['CI_JOB_URL', 'BUILDKITE_BUILD_URL', 'CIRCLE_BUILD_URL', 'BUILD_URL'];
const BRANCH_VARIABLES = [
  'GITHUB_HEAD_REF',
  'GITHUB_REF_NAME',
  'CI_COMMIT_BRANCH',
  'BUILDKITE_BRANCH',
  'CIRCLE_BRANCH',
];
const CI_VARIABLES = [
  'CI',
  'GITHUB_WORKFLOW',
  'GITHUB_EVENT_NAME',
  'GITHUB_RUN_ATTEMPT',
  'GITHUB_ACTOR',
  'CI_PIPELINE_ID',
];

const MOST_PROJECTS = 50;
const LARGEST_METADATA = 8_192;

/** What is known about the runner before the first test. */
export function runFacts(
  config: FullConfig,
  env: Env,
  labels: Readonly<Record<string, string>>,
): Record<string, Json> {
  return {
    playwright: config.version,
    node: process.version,
    os: `${process.platform} ${process.arch}`,
    machine: `${os.cpus().length} cores, ${Math.round(os.totalmem() / 2 ** 30)} GiB`,
    workers: config.workers,
    shard: config.shard === null ? null : `${config.shard.current}/${config.shard.total}`,
    projects: config.projects.map(project => project.name),
    config: configFacts(config),
    commit: firstOf(env, COMMIT_VARIABLES) ?? headCommit(config.rootDir),
    branch: firstOf(env, BRANCH_VARIABLES),
    ci: ciFacts(env),
    ciJobUrl: ciJobUrl(env),
    labels: { ...labels },
  };
}

/** What the config says that changes what is run, and its metadata. */
function configFacts(config: FullConfig): Json {
  const { fullyParallel, forbidOnly, globalTimeout, maxFailures, configFile, rootDir } = config;
  return {
    file: configFile === undefined ? null : path.relative(rootDir, configFile).split(path.sep).join('/'),
    fullyParallel,
    forbidOnly,
    globalTimeout,
    maxFailures,
    projects: config.projects
      .slice(0, MOST_PROJECTS)
      .map(({ name, retries, repeatEach, timeout }) => ({ name, retries, repeatEach, timeout })),
    projectCount: config.projects.length,
    metadata: boundedJson(config.metadata),
  };
}

/** Plain JSON of free data, or its size when it is too large to keep with every run. */
function boundedJson(data: unknown): Json {
  const text = JSON.stringify(data) ?? 'null';
  if (text.length > LARGEST_METADATA) return `… [cut, ${text.length} characters of metadata]`;
  return JSON.parse(text) as Json;
}

/** Variables of the CI that say which run this is; none of them is a secret by its meaning. */
function ciFacts(env: Env): Json {
  return Object.fromEntries(CI_VARIABLES.flatMap(name => (env[name] ? [[name, env[name]]] : [])));
}

function firstOf(env: Env, names: readonly string[]): string | null {
  for (const name of names) if (env[name]) return env[name];
  return null;
}

function ciJobUrl(env: Env): string | null {
  const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: repository, GITHUB_RUN_ID: id } = env;
  if (server && repository && id) return `${server}/${repository}/actions/runs/${id}`;
  return firstOf(env, JOB_VARIABLES);
}

/** The commit that `.git/HEAD` names, found without starting git; null outside a repository. */
export function headCommit(from: string): string | null {
  try {
    const gitDir = findGitDir(from);
    if (gitDir === null) return null;
    const head = fs.readFileSync(path.join(gitDir, 'HEAD'), 'utf8').trim();
    const ref = /^ref: (.+)$/.exec(head)?.[1];
    if (ref === undefined) return head;
    // a linked worktree keeps its branches in the main repository
    const common = path.join(gitDir, 'commondir');
    const shared = fs.existsSync(common)
      ? path.resolve(gitDir, fs.readFileSync(common, 'utf8').trim())
      : gitDir;
    const loose = path.join(shared, ref);
    if (fs.existsSync(loose)) return fs.readFileSync(loose, 'utf8').trim();
    const packed = fs.readFileSync(path.join(shared, 'packed-refs'), 'utf8').split('\n');
    return packed.find(line => line.endsWith(` ${ref}`))?.split(' ')[0] ?? null;
  } catch {
    return null;
  }
}

function findGitDir(from: string): string | null {
  for (let dir = path.resolve(from); ; dir = path.dirname(dir)) {
    const git = path.join(dir, '.git');
    if (fs.existsSync(git)) {
      if (fs.statSync(git).isDirectory()) return git;
      const link = /^gitdir: (.+)$/m.exec(fs.readFileSync(git, 'utf8'))?.[1];
      return link === undefined ? null : path.resolve(dir, link);
    }
    if (dir === path.dirname(dir)) return null;
  }
}
