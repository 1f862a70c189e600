import {
  canaryOutcome,
  canaryStart,
  canaryStatus,
  canaryStop,
  promote,
  rollback,
} from '../../loop/contract/endpoint.ts';
import { internal } from '../_generated/api.js';
import type { App } from './access.ts';
import { route } from './route.ts';

/** Canary, promotion and rollback. */
export function registerReleaseRoutes(app: App): void {
  route(
    app,
    canaryStart,
    async (request, { ctx, requestId }) =>
      await ctx.runMutation(internal.canaries.start, {
        ...request,
        salt: request.salt ?? crypto.randomUUID(),
        canaryId: `can_${crypto.randomUUID()}`,
        requestId,
      }),
  );
  route(app, canaryStop, async (request, { ctx, requestId }) => ({
    canary: await ctx.runMutation(internal.canaries.stop, { ...request, requestId }),
  }));
  route(
    app,
    canaryOutcome,
    async (request, { ctx, requestId }) =>
      await ctx.runMutation(internal.canaries.outcome, { ...request, requestId }),
  );
  route(
    app,
    canaryStatus,
    async ({ signatureId }, { ctx }) => await ctx.runQuery(internal.canaries.status, { signatureId }),
  );
  route(
    app,
    promote,
    async (request, { ctx, requestId }) =>
      await ctx.runMutation(internal.promotion.promote, { ...request, requestId }),
  );
  route(
    app,
    rollback,
    async ({ runId, ...request }, { ctx, requestId }) =>
      await ctx.runMutation(internal.promotion.rollback, { ...request, runId: runId ?? null, requestId }),
  );
}
