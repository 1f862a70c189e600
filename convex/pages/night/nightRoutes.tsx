/** @jsxImportSource hono/jsx */
import { plannedMessages } from '../../../loop/canary/ramp.ts';
import { internal } from '../../_generated/api.js';
import type { Doc } from '../../_generated/dataModel.js';
import type { ActionCtx } from '../../_generated/server.js';
import { canaryView } from '../../canaryRows.ts';
import type { App, AppContext } from '../../routes/access.ts';
import { soakView } from '../../soakRows.ts';
import { asJson, wantsJson } from '../pageRequest.ts';
import { notFound } from '../pieces/notFound.tsx';
import { type Problems, readJson } from '../stored.ts';
import { pageOf } from '../wording/links.ts';
import { timeLeft } from '../wording/timeLeft.ts';
import { canaryCourse } from './canaryCourse.ts';
import { nightLineOf } from './nightLine.ts';
import { countTests, type Night, nightOf, phaseSpans, progressOf, reportOf, testsOf } from './nightModel.ts';
import { type NightView, nightPage } from './nightPage.tsx';
import { type NightFilter, type NightsView, nightsPage } from './nightsPage.tsx';
import type { NightEvent } from './timeline.tsx';

type RunQuery = ActionCtx['runQuery'];

const NIGHTS_PER_PAGE = 30;
/** 6 pages of 50 are more than a usual night has. */
const MOST_PAGES = 6;

/** `GET /dse` and `GET /dse/ops/:runId`. */
export function registerNights(app: App): void {
  app.get('/dse', async c => {
    const { before, signature, outcome } = c.req.query();
    const view = await nightsView(c.env.ctx.runQuery, {
      before: before ?? null,
      signatureId: signature ?? null,
      outcome: outcome ?? null,
    });
    return wantsJson(c) ? c.json(view) : c.html(nightsPage(view, asJson(c)));
  });
  app.get('/dse/ops/:runId', async c => {
    const found = await nightView(c);
    if (found === null) return notFound(c, 'night', c.req.param('runId'));
    const { reportId, ...view } = found;
    const { runQuery } = c.env.ctx;
    if (wantsJson(c)) {
      const [row] =
        reportId === null ? [] : await runQuery(internal.views.reports, { reportIds: [reportId] });
      return c.json({ ...view, report: reportOf(row ?? null, view.problems) });
    }
    if (reportId === null) return c.html(nightPage(view, null, asJson(c)));
    const { sections, problems } = await runQuery(internal.pages.night.reportSections.sections, { reportId });
    return c.html(nightPage({ ...view, problems: [...view.problems, ...problems] }, sections, asJson(c)));
  });
}

/** What says how long a running night still takes, as far as it is known. */
async function timeLeftOf(
  runQuery: RunQuery,
  { signatureId, phase, phases, startedAt }: Night,
  canary: Doc<'dseCanaries'> | undefined,
  now: number,
): Promise<number | null> {
  if (signatureId === null || phase === null) return null;
  const runs = await runQuery(internal.views.earlierNights, { signatureId });
  return timeLeft({
    phase,
    since: phases.at(-1)?.at ?? startedAt,
    now,
    done: phase === 'canary' && canary?.status === 'running' ? shareSeen(canary) : null,
    earlier: runs.map(phaseSpans),
  });
}

function shareSeen({ ramp, counts }: Doc<'dseCanaries'>): number {
  const planned = ramp.reduce((sum, step) => sum + plannedMessages(step), 0);
  return Math.min(1, (counts.control.n + counts.canary.n) / planned);
}

async function nightsView(
  runQuery: RunQuery,
  { before, ...filter }: NightFilter & { before: string | null },
): Promise<NightsView> {
  const problems: Problems = [];
  const now = Date.now();
  const { runs, cursor } = await runQuery(internal.views.nights, {
    ...filter,
    cursor: before,
    limit: NIGHTS_PER_PAGE,
  });
  return {
    nights: runs.map(run => nightLineOf(run, now, problems)),
    filter,
    older: cursor === null ? null : pageOf.nightsOf({ ...filter, before: cursor }),
    problems,
  };
}

async function nightView(c: AppContext): Promise<(NightView & { reportId: string | null }) | null> {
  const { runQuery } = c.env.ctx;
  const runId = c.req.param('runId') ?? '';
  const [found, testPages, eventPages] = await Promise.all([
    runQuery(internal.views.night, { runId }),
    readPages(c.req.query('tests'), cursor =>
      runQuery(internal.views.nightTests, { runId, cursor, limit: 50 }),
    ),
    readPages(c.req.query('events'), cursor =>
      runQuery(internal.views.nightEvents, { runId, cursor, limit: 50 }),
    ),
  ]);
  if (found === null) return null;
  const problems: Problems = [];
  const now = Date.now();
  const tests = testsOf(
    testPages.pages.flatMap(page => page.tests),
    problems,
  );
  const night = nightOf(found.run, now, problems);
  return {
    now,
    night,
    reportId: found.reportId,
    progress: progressOf(found.job, problems),
    timeLeftMs: await timeLeftOf(runQuery, night, found.canaries[0], now),
    canaries: found.canaries.map(canary => canaryView(canary, now)),
    courses: found.canaries.map((canary, at) => canaryCourse(canary, found.courses[at] ?? [], now)),
    changes: found.changes,
    soak: found.soak && soakView(found.soak),
    moves: found.moves,
    tests,
    counts: night.summary?.counts ?? countTests(tests),
    moreTests: moreAddress('tests', testPages.cursor),
    events: eventPages.pages.flatMap(page => page.events).map(withData),
    moreEvents: moreAddress('events', eventPages.cursor),
    problems,
  };
}

function withData({ dataJson, ...event }: Omit<NightEvent, 'data'> & { dataJson: string }): NightEvent {
  return { ...event, data: readJson(dataJson) };
}

function moreAddress(name: 'tests' | 'events', cursor: string | null): string | null {
  return cursor === null
    ? null
    : `?${name}=${encodeURIComponent(cursor)}#${name === 'tests' ? 'tests' : 'timeline'}`;
}

/** Pages of a paged query up to the bound, and where to go on. */
async function readPages<Page extends { cursor: string | null }>(
  from: string | undefined,
  read: (cursor: string | null) => Promise<Page>,
): Promise<{ pages: Page[]; cursor: string | null }> {
  const pages: Page[] = [];
  let cursor = from ?? null;
  do {
    const page = await read(cursor);
    pages.push(page);
    cursor = page.cursor;
  } while (cursor !== null && pages.length < MOST_PAGES);
  return { pages, cursor };
}
