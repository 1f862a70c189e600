import { compareValues, v } from 'convex/values';
import type { Json } from '../loop/contract/json.ts';
import type { AttachmentFacts, OpsEvent } from '../loop/contract/opsRun.ts';
import { internalMutation, type MutationCtx } from './_generated/server.js';
import { putBlob } from './blobs.ts';
import { failure } from './failure.ts';
import { runById } from './runEvidence.ts';
import { mayRenewLease, RUN_LEASE_MS } from './runLease.ts';

/** Appends events, checked at the edge, to a run's timeline. An event delivered twice is counted once. */
export const append = internalMutation({
  args: { runId: v.string(), eventsJson: v.string() },
  handler: async (ctx, { runId, eventsJson }) => {
    const run = await runById(ctx, runId);
    if (!run)
      throw failure('unknown_run', `There is no run ${runId}. Start it first: POST /api/dse/ops/run/start.`);
    let accepted = 0;
    let duplicates = 0;
    let phases = run.phases;
    const events = JSON.parse(eventsJson) as OpsEvent[];
    const known = await knownIds(
      ctx,
      runId,
      events.map(event => event.eventId),
    );
    for (const event of events) {
      if (known.has(event.eventId)) {
        duplicates++;
        continue;
      }
      known.add(event.eventId);
      await store(ctx, runId, event);
      if (event.kind === 'phase')
        phases = { ...phases, [event.phase]: { at: event.at, factsJson: JSON.stringify(event.data) } };
      accepted++;
    }
    const now = Date.now();
    const leaseUntil = (await mayRenewLease(ctx, run, now)) ? now + RUN_LEASE_MS : run.leaseUntil;
    await ctx.db.patch(run._id, { heartbeatAt: now, leaseUntil, phases });
    return { accepted, duplicates };
  },
});

/** A line in a run's timeline that the server itself writes. Without a run nothing is written. */
export async function noteInRun(
  ctx: MutationCtx,
  runId: string | null,
  note: { key: string; message: string; data: Json },
): Promise<void> {
  const run = runId === null ? null : await runById(ctx, runId);
  if (!run) return;
  const at = Date.now();
  const eventId = `server:${note.key}`;
  if (await isKnown(ctx, run.runId, eventId)) return;
  const { message, data } = note;
  await store(ctx, run.runId, { kind: 'note', eventId, source: 'server', seq: at, at, message, data });
}

/** Which of the ids are stored. Ids of one reporter follow one another, so that one range of the index tells of all. */
async function knownIds(ctx: MutationCtx, runId: string, ids: readonly string[]): Promise<Set<string>> {
  const sorted = ids.toSorted(compareValues);
  const [first = '', last = ''] = [sorted[0], sorted.at(-1)];
  const between = await ctx.db
    .query('dseOpsRunEvents')
    .withIndex('by_event', q => q.eq('runId', runId).gte('eventId', first).lte('eventId', last))
    .take(ids.length + 1);
  if (between.length <= ids.length) return new Set(between.map(event => event.eventId));
  const known = new Set<string>();
  for (const id of ids) if (await isKnown(ctx, runId, id)) known.add(id);
  return known;
}

async function isKnown(ctx: MutationCtx, runId: string, eventId: string): Promise<boolean> {
  const known = await ctx.db
    .query('dseOpsRunEvents')
    .withIndex('by_event', q => q.eq('runId', runId).eq('eventId', eventId))
    .first();
  return known !== null;
}

/** Writes an event. The facts of a test's end lie in its row of dseOpsRunTests, a stored attachment in dseBlobs. */
async function store(ctx: MutationCtx, runId: string, event: OpsEvent): Promise<void> {
  const { eventId, source, seq, at, kind, message } = event;
  let data: unknown = event.data;
  if (event.kind === 'attachment') data = await keepBody(ctx, event.data);
  if (event.kind === 'test_end') {
    const { testId, retry, title, file, outcome, durationMs, at } = event.data;
    const factsJson = JSON.stringify(event.data);
    await ctx.db.insert('dseOpsRunTests', {
      runId,
      testId,
      retry,
      title,
      file,
      outcome,
      durationMs,
      at,
      factsJson,
    });
    data = { testId, retry, outcome };
  }
  const dataJson = JSON.stringify(data);
  await ctx.db.insert('dseOpsRunEvents', { runId, eventId, source, seq, at, kind, message, dataJson });
}

/** Moves an attachment's body to a blob named by its hash, so that the same screenshot of many tests is kept once. */
async function keepBody(ctx: MutationCtx, { body, ...facts }: AttachmentFacts) {
  if (body === undefined) return facts;
  const bytes = new TextEncoder().encode(`${body.encoding}:${body.text}`);
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hash = Array.from(digest, byte => byte.toString(16).padStart(2, '0')).join('');
  const blobId = `attachment:${hash}`;
  await putBlob(ctx, blobId, `${body.encoding}:${body.text}`);
  return { ...facts, blobId };
}
