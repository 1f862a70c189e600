import { Hono } from 'hono/quick';
import { idSchema } from '../../loop/contract/json.ts';
import { failure } from '../failure.ts';
import { registerPages } from '../pages/routes.tsx';
import type { App, AppEnv } from './access.ts';
import { registerAuthRoutes } from './authRoutes.ts';
import { registerAutopilotRoutes } from './autopilotRoutes.ts';
import { registerCompileRoutes } from './compileRoutes.ts';
import { registerEvalRoutes } from './evalRoutes.ts';
import { registerExerciseRoutes } from './exerciseRoutes.ts';
import { registerMiningRoutes } from './miningRoutes.ts';
import { registerOpsRoutes } from './opsRoutes.ts';
import { registerReceiptRoutes } from './receiptRoutes.ts';
import { registerReleaseRoutes } from './releaseRoutes.ts';
import { errorAnswer } from './route.ts';

/** The whole site: API and pages. */
export const app: App = new Hono<AppEnv>();

app.use('*', async (c, next) => {
  const given = idSchema.safeParse(c.req.header('x-oa-request-id'));
  c.set('requestId', given.success ? given.data : `req_${crypto.randomUUID()}`);
  await next();
  c.header('x-oa-request-id', c.get('requestId'));
});
app.get('/', c => c.redirect('/dse'));
registerAuthRoutes(app);
registerOpsRoutes(app);
registerCompileRoutes(app);
registerEvalRoutes(app);
registerMiningRoutes(app);
registerReleaseRoutes(app);
registerExerciseRoutes(app);
registerReceiptRoutes(app);
registerAutopilotRoutes(app);
registerPages(app);

app.notFound(c => {
  const { method, path } = c.req;
  const taken = methodsOf(path);
  if (taken.length === 0) return answerError(c, failure('not_found', `There is nothing at ${path}.`));
  const allow = taken.join(', ');
  c.header('allow', allow);
  return answerError(c, failure('method_not_allowed', `${path} takes ${allow}, not ${method}.`));
});
app.onError((error, c) => answerError(c, error));

/** The methods that something at this path takes, whatever its parameters are. */
function methodsOf(path: string): string[] {
  const isAt = (pattern: string) =>
    new RegExp(`^${pattern.replace(/:[A-Za-z]+/g, '[^/]+').replace(/\*$/, '.*')}$`).test(path);
  const routes = app.routes.filter(route => route.method !== 'ALL' && isAt(route.path));
  return [...new Set(routes.map(route => route.method))].sort();
}

function answerError(c: Parameters<typeof errorAnswer>[0], error: unknown): Response {
  const answer = errorAnswer(c, error);
  answer.headers.set('x-oa-request-id', c.get('requestId'));
  return answer;
}
