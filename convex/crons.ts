import { cronJobs } from 'convex/server';
import { internal } from './_generated/api.js';

const crons = cronJobs();
// Often enough that a killed night is cleaned up within a minute and a half; each run reads only overdue rows.
crons.interval('watchdog', { seconds: 15 }, internal.watchdog.sweep, {});
export default crons;
