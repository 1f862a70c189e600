import { type ChildProcess, spawn } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from '@playwright/test';
import type { ConvexReporterOptions } from '../options.ts';

const PLAYWRIGHT = path.resolve('node_modules/playwright/cli.js');
const TSX = path.resolve('node_modules/tsx/dist/cli.mjs');

/** Absolute path of a file in this folder's parent. */
export function reporterFile(name: string): string {
  return fileURLToPath(new URL(`../${name}`, import.meta.url));
}

/** What an inline project is made of. */
export interface InlineProject {
  /** Body of `a.spec.ts`, after the import of test and expect. */
  readonly spec: string;
  readonly reporter?: ConvexReporterOptions;
  /** More reporters, as source: `['json', {...}]`. */
  readonly beside?: readonly string[];
  /** More reporters that come after ours. */
  readonly behind?: readonly string[];
  /** More of the config, as source. */
  readonly config?: string;
  readonly files?: Readonly<Record<string, string>>;
}

/** How a child process ended and what it said. */
export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A Playwright project in a folder of its own, run as a child process with a clean environment. */
export class InlineRun {
  readonly dir: string;
  readonly #env: Record<string, string>;

  constructor(project: InlineProject, env: Record<string, string>) {
    // below the output folder, so that packages resolve as for any project
    this.dir = test.info().outputPath('project');
    this.#env = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '', FORCE_COLOR: '1', ...env };
    fs.mkdirSync(this.dir, { recursive: true });
    const ours = JSON.stringify([reporterFile('convexReporter.ts'), project.reporter ?? {}]);
    const files = {
      'package.json': '{"type":"module"}',
      'playwright.config.ts': `export default {
        testDir: '.', outputDir: './out', workers: 1, ${project.config ?? ''}
        reporter: [['list'], ${[...(project.beside ?? []), ours, ...(project.behind ?? [])].join(', ')}],
      };`,
      'a.spec.ts': `import { test, expect } from '@playwright/test';\n${project.spec}`,
      ...project.files,
    };
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(this.dir, name), text);
  }

  get spoolDir(): string {
    return path.join(this.dir, '.overnight/spool');
  }

  /** Names of what lies in the spool folder. */
  spooled(): string[] {
    return fs.existsSync(this.spoolDir) ? fs.readdirSync(this.spoolDir) : [];
  }

  /** Everything that lies in the spool folder. */
  spoolText(): string {
    return this.spooled()
      .map(name => fs.readFileSync(path.join(this.spoolDir, name), 'utf8'))
      .join('');
  }

  read(name: string): string {
    return fs.readFileSync(path.join(this.dir, name), 'utf8');
  }

  /** Starts `playwright` here; `exit` waits for its end. */
  start(args: readonly string[] = ['test'], env: Record<string, string> = {}) {
    return this.#spawn([PLAYWRIGHT, ...args], env);
  }

  async run(args: readonly string[] = ['test'], env: Record<string, string> = {}): Promise<Outcome> {
    return this.start(args, env).exit;
  }

  /** Runs `playwright test` where the kernel lets no file grow beyond `kib`. */
  async runOnFullDisk(kib: number): Promise<Outcome> {
    const command = `ulimit -f ${kib}; exec "$0" "$@"`;
    return this.#spawn(['-c', command, process.execPath, PLAYWRIGHT, 'test'], {}, 'bash').exit;
  }

  /** Runs `deliver.ts` here. */
  async deliver(...args: string[]): Promise<Outcome> {
    return this.#spawn([TSX, reporterFile('deliver.ts'), ...args], {}).exit;
  }

  #spawn(
    args: readonly string[],
    env: Record<string, string>,
    program = process.execPath,
  ): { child: ChildProcess; exit: Promise<Outcome> } {
    const child = spawn(program, args, { cwd: this.dir, env: { ...this.#env, ...env } });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', chunk => {
      stdout += chunk;
    });
    child.stderr.on('data', chunk => {
      stderr += chunk;
    });
    const exit = new Promise<Outcome>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', (code, signal) => resolve({ code, signal, stdout, stderr }));
    });
    return { child, exit };
  }
}
