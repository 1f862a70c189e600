import { join } from 'node:path';
import { defineConfig, devices, type ReporterDescription } from '@playwright/test';
import { allureOptions } from './fixtures/allureOptions.ts';
import { browserLaunch } from './fixtures/browser.ts';
import { joinTarget } from './fixtures/embedded/joinTarget.ts';
import { prepareTarget } from './fixtures/embedded/prepareTarget.ts';
import { stateFolder } from './fixtures/embedded/stateFolder.ts';
import { nightSignature } from './fixtures/nightSignature.ts';
import { newRunId } from './fixtures/runId.ts';

// Only a night needs a target. Workers do not see the runner's arguments, so it tells them by OVERNIGHT_NIGHT.
if (process.argv.some(argument => /^(--project=)?overnight$/.test(argument)))
  process.env.OVERNIGHT_NIGHT = '1';
const isNight = process.env.OVERNIGHT_NIGHT === '1';
const target = isNight ? prepareTarget(process.env) : null;
// More users for the open canary of a night that runs, here or elsewhere.
if (process.argv.some(argument => /^(--project=)?traffic$/.test(argument))) joinTarget(process.env);
// One id for the runner, its workers and the reporters; exporting it continues a run that was killed.
if (isNight) process.env.DSE_RUN_ID ??= newRunId(new Date());

// Reports lie where Playwright users look for them, unless another state folder has been chosen.
const reportsFolder = process.env.OVERNIGHT_STATE_DIR ? stateFolder() : '.';
const nightReporters: ReporterDescription[] = [
  ['html', { open: 'never', outputFolder: join(reportsFolder, 'playwright-report') }],
  ['allure-playwright', allureOptions(reportsFolder, process.env.DSE_RUN_ID ?? '', nightSignature().id)],
  [
    './reporters/convexReporter.ts',
    {
      night: { signatureId: nightSignature().id },
      spoolDir: join(stateFolder(), 'spool'),
      afterNight:
        target === 'embedded' ? ['While `npm run dev` runs, it shows this night at the same address.'] : [],
    },
  ],
];

export default defineConfig({
  testDir: '.',
  reporter: [['list'], ...(isNight ? nightReporters : [])],
  use: {
    ...devices['Desktop Chrome'],
    baseURL: process.env.BASE_URL,
    launchOptions: browserLaunch(),
    trace: 'retain-on-failure',
    // Playwright's own choice is to wait for ever: a page whose server died half-way would hold a night to its test's limit.
    actionTimeout: 30_000,
    navigationTimeout: 30_000,
  },
  expect: {
    timeout: 15_000,
    toHaveScreenshot: {
      pathTemplate: '{testDir}/snapshots/{arg}-{platform}{ext}',
      // Edges of letters; a moved word is more.
      maxDiffPixelRatio: 0.002,
    },
  },
  // What a test takes is the machine's business, and some are a fifth as fast as others: this ends only what hangs.
  timeout: 180_000,
  fullyParallel: true,
  // Playwright's own choice is half of the cores; what waits here is mostly a child process.
  workers: '100%',
  forbidOnly: Boolean(process.env.CI),
  // A night ends at the phase that broke; its teardown runs all the same.
  maxFailures: isNight ? 1 : 0,
  ...(isNight ? { globalTeardown: './reporters/finish.ts' } : {}),
  ...(target === 'embedded'
    ? {
        webServer: {
          name: 'embedded',
          // V8 would take a gigabyte before it looked for garbage; this bound keeps a night's process below 400 MiB.
          command: 'node --max-old-space-size=176 --import tsx fixtures/embedded/serve.ts',
          env: { OVERNIGHT_PARENT_PID: String(process.pid) },
          // The named groups become BASE_URL and CONVEX_URL for the runner and its workers.
          wait: { stdout: /base_url=(?<base_url>\S+) convex_url=(?<convex_url>\S+)/ },
          gracefulShutdown: { signal: 'SIGTERM' as const, timeout: 10_000 },
          timeout: 120_000,
        },
      }
    : {}),
  projects: [
    {
      // Whole nights as child processes, killed and sabotaged. First, because they take longest; one at a time, because each
      // keeps a processor busy.
      name: 'nights',
      testDir: 'e2e/nights',
      workers: 1,
      timeout: 20 * 60_000,
    },
    {
      name: 'unit',
      testMatch: /(^|\/)(loop|fixtures|reporters|convex)\/.*\.test\.ts$/,
    },
    {
      name: 'app',
      testDir: 'e2e/app',
    },
    {
      name: 'overnight',
      testDir: 'e2e/overnight',
      testMatch: /(^|\/)\d\d-[a-z]+\.spec\.ts$/,
      // A night may promote: it runs only when it is named.
      default: false,
      workers: 1,
      fullyParallel: false,
      retries: 0,
      // Apart from other runs' results: every start of Playwright empties its own folder.
      outputDir: join(stateFolder(), 'results'),
      // A trace of every context would cost more than the traffic, and the evidence is in Convex.
      use: { trace: 'off' },
      timeout: 15 * 60_000,
      teardown: 'overnight-teardown',
    },
    {
      name: 'traffic',
      testDir: 'e2e/traffic',
      default: false,
      fullyParallel: true,
      retries: 0,
      outputDir: join(stateFolder(), 'traffic-results'),
      use: { trace: 'off' },
      timeout: 45 * 60_000,
    },
    {
      name: 'overnight-teardown',
      testDir: 'e2e/overnight',
      testMatch: /(^|\/)teardown\.ts$/,
      outputDir: join(stateFolder(), 'results'),
      default: false,
    },
  ],
});
