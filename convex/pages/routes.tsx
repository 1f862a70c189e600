/** @jsxImportSource hono/jsx */
import { Hono } from 'hono';
import { type App, type AppEnv, readerOnly } from '../routes/access.ts';
import { registerAssets } from './assetRoutes.ts';
import { registerAutopilot } from './chat/autopilotRoute.tsx';
import { registerAttachments } from './night/attachmentRoute.tsx';
import { registerNights } from './night/nightRoutes.tsx';
import { pageHeaders } from './pageHeaders.ts';
import { notFound } from './pieces/notFound.tsx';
import { pageFailed } from './pieces/pageFailed.tsx';
import { registerPulses } from './pulseRoutes.ts';
import { registerDatasets } from './record/datasetRoutes.tsx';
import { registerRecords } from './record/recordRoutes.tsx';
import { registerSignature } from './record/signatureRoute.tsx';
import { registerSignIn } from './signIn.tsx';

/** Adds every page, its scripts and its stylesheet to the app. Their errors are pages too. */
export function registerPages(app: App): void {
  const pages: App = new Hono<AppEnv>();
  pages.onError((error, c) => pageFailed(c, error));
  for (const path of ['/autopilot', '/autopilot/*', '/dse', '/dse/*']) pages.use(path, pageHeaders);
  registerAssets(pages);
  registerAutopilot(pages, app);
  registerSignIn(pages);
  for (const path of ['/dse', '/dse/*']) pages.use(path, readerOnly);
  registerPulses(pages);
  registerNights(pages);
  registerAttachments(pages);
  registerRecords(pages);
  registerDatasets(pages);
  registerSignature(pages);
  pages.get('/dse/*', c => notFound(c, 'page', c.req.path));
  app.route('/', pages);
}
