/** @jsxImportSource hono/jsx */
import { type App, readerOnly } from '../routes/access.ts';
import { registerAssets } from './assetRoutes.ts';
import { registerAutopilot } from './chat/autopilotRoute.tsx';
import { registerNights } from './night/nightRoutes.tsx';
import { pageHeaders } from './pageHeaders.ts';
import { registerRecords } from './record/recordRoutes.tsx';

/** Adds every page, its scripts and its stylesheet to the app. */
export function registerPages(app: App): void {
  for (const path of ['/autopilot', '/autopilot/*', '/dse', '/dse/*']) app.use(path, pageHeaders);
  registerAssets(app);
  registerAutopilot(app);
  for (const path of ['/dse', '/dse/*']) app.use(path, readerOnly);
  registerNights(app);
  registerRecords(app);
}
