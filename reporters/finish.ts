import { liveReporters } from './live.ts';

/**
 * Finishes the run of the Convex reporter. Use it as `globalTeardown`: Playwright stops every `webServer` before a reporter's
 * `onEnd`, so a backend started by the config can only be told the outcome here. Harmless without the reporter.
 */
export default async function finish(): Promise<void> {
  for (const reporter of liveReporters) await reporter.finishWhileServersAreUp();
}
