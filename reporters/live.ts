/** A reporter at work in this process. */
export interface LiveReporter {
  /** Sends everything and finishes the run while the servers are still up. Never throws. */
  finishWhileServersAreUp(): Promise<void>;
}

/** Reporters of this process; `globalTeardown` runs in the same one. */
export const liveReporters = new Set<LiveReporter>();
