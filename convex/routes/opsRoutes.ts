import { opsRunEvent, opsRunFinish, opsRunStart, replay } from '../../loop/contract/endpoint.ts';
import { internal } from '../_generated/api.js';
import { replayNight } from '../replayNight.ts';
import type { App } from './access.ts';
import { route } from './route.ts';

/** The life of a run: begin, events, end, and its decisions once more. */
export function registerOpsRoutes(app: App): void {
  route(
    app,
    opsRunStart,
    async ({ runId, signatureId, facts, late, begunAt }, { ctx, requestId }) =>
      await ctx.runMutation(internal.opsRuns.start, {
        runId,
        signatureId: signatureId ?? null,
        factsJson: JSON.stringify(facts),
        late: late ?? false,
        begunAt: begunAt ?? null,
        requestId,
      }),
  );
  route(
    app,
    opsRunEvent,
    async ({ runId, events }, { ctx }) =>
      await ctx.runMutation(internal.opsRunEvents.append, { runId, eventsJson: JSON.stringify(events) }),
  );
  route(
    app,
    opsRunFinish,
    async (request, { ctx, requestId }) =>
      await ctx.runMutation(internal.opsRuns.finish, { requestJson: JSON.stringify(request), requestId }),
  );
  route(app, replay, async ({ runId }, { ctx }) => await replayNight(ctx, runId));
}
