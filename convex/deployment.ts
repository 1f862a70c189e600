import * as z from 'zod';
import type { Models } from '../loop/signature.ts';
import { failure } from './failure.ts';

const needed = (how: string) => z.string({ error: how }).min(1, how);

const setIt = 'set it with `npx convex env set`, or run `npm run secrets` to make and set all of them';
const environmentSchema = z.object({
  OA_LM_BASE_URL: needed(`the address of an OpenAI-compatible endpoint, up to /v1; ${setIt}`),
  OA_LM_API_KEY: needed(`the key of the model endpoint; ${setIt}`),
  OA_LM_MODEL: needed(`the id of the model that answers; ${setIt}`),
  OA_LM_FALLBACK_MODEL: z.string().min(1).optional(),
  OA_LM_JUDGE_MODEL: z.string().min(1).optional(),
});

/** How this deployment reaches its model. Throws `not_configured` naming every missing variable. */
export function modelSettings(): z.infer<typeof environmentSchema> {
  // Convex knows only direct reads of process.env members.
  const parsed = environmentSchema.safeParse({
    OA_LM_BASE_URL: process.env.OA_LM_BASE_URL,
    OA_LM_API_KEY: process.env.OA_LM_API_KEY,
    OA_LM_MODEL: process.env.OA_LM_MODEL,
    OA_LM_FALLBACK_MODEL: process.env.OA_LM_FALLBACK_MODEL,
    OA_LM_JUDGE_MODEL: process.env.OA_LM_JUDGE_MODEL,
  });
  if (parsed.success) return parsed.data;
  const missing = parsed.error.issues.map(issue => `${issue.path.join('.')}: ${issue.message}`).join('; ');
  throw failure('not_configured', `The deployment is not configured. ${missing}.`);
}

/** Model ids by role, as new artifacts get them. */
export function configuredModels(): Models {
  const { OA_LM_MODEL: main, OA_LM_JUDGE_MODEL: judge = main } = modelSettings();
  return { main, sub: main, repair: main, judge };
}
