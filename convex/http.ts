import { httpRouter, ROUTABLE_HTTP_METHODS } from 'convex/server';
import * as z from 'zod';
import { httpAction } from './_generated/server.js';
import { app } from './routes/app.ts';

// The code is loaded anew for every call: compiling a schema into a function takes longer than it can save.
z.config({ jitless: true });

const http = httpRouter();
const serve = httpAction(async (ctx, request) => await app.fetch(request, { ctx }));
// One Hono app answers everything, so that unknown paths and methods are told in our own words too.
for (const method of ROUTABLE_HTTP_METHODS) http.route({ pathPrefix: '/', method, handler: serve });
export default http;
