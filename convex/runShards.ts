import type * as z from 'zod';
import type { opsRunFinishRequestSchema, TestCounts } from '../loop/contract/opsRun.ts';
import type { Doc } from './_generated/dataModel.js';
import type { MutationCtx } from './_generated/server.js';

type Summary = z.infer<typeof opsRunFinishRequestSchema>;

/** The worst comes first: one bad shard makes a bad run. */
const BY_SEVERITY = ['failed', 'timedout', 'interrupted', 'passed'] as const;
const MOST_FAILING = 200;

/** Keeps what a shard reports at its end. The summary of the whole run once all shards have ended, null before. */
export async function joinShards(
  ctx: MutationCtx,
  run: Doc<'dseOpsRuns'>,
  summary: Summary,
): Promise<Summary | null> {
  const { shard } = summary;
  if (shard === undefined) return summary;
  const shards = { ...run.shards, [`${shard.current}/${shard.total}`]: JSON.stringify(summary) };
  await ctx.db.patch(run._id, { shards, heartbeatAt: Date.now() });
  const ended = Object.entries(shards).filter(([name]) => name.endsWith(`/${shard.total}`));
  return ended.length < shard.total ? null : wholeOf(ended.map(([, json]) => JSON.parse(json) as Summary));
}

/** One summary of many. Tests of a setup project run in every shard, and are counted in each. */
export function wholeOf(parts: readonly Summary[]): Summary {
  const counts: TestCounts = { passed: 0, failed: 0, flaky: 0, skipped: 0, did_not_run: 0, interrupted: 0 };
  for (const part of parts)
    for (const outcome of Object.keys(counts) as (keyof TestCounts)[])
      counts[outcome] += part.counts[outcome];
  const lines = parts.flatMap(part => part.failingTests);
  const more = lines.length - MOST_FAILING;
  return {
    runId: parts[0]?.runId ?? '',
    counts,
    failingTests: more > 0 ? [...lines.slice(0, MOST_FAILING - 1), `… and ${more + 1} more`] : lines,
    durationMs: Math.max(...parts.map(part => part.durationMs)),
    status: BY_SEVERITY.find(status => parts.some(part => part.status === status)) ?? 'passed',
  };
}
